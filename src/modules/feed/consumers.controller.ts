import { Controller, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Caller } from '../../commands/command.js';
import { CommitPosition, PutConsumer, RemoveConsumer } from '../../commands/consumer.commands.js';
import { CommandRoute, From, FromRequest } from '../http/command-route.js';
import type { Ask } from '../http/query-route.js';
import { Asked, QueryRoute } from '../http/query-route.js';
import { ConsumerQueries } from './consumer.queries.js';
import { ConsumerList, ConsumerView } from './consumer.view.js';
import { goneSignal } from './feed.controller.js';
import { FeedQueries } from './feed.queries.js';
import { ConsumptionQuery, FeedPage, typesIn } from './feed.view.js';

const tag = 'Events';
const change = { tag, receipt: ConsumerView, keepsNoAnswer: true } as const;

/** A consumer is answered as it is; it has no version. */
const answered = (receipt: ConsumerView) => ({ receipt, tag: null, replayed: false });

@Controller('v1/organizations/:organizationId/consumers')
export class ConsumersController {
  constructor(
    private readonly consumers: ConsumerQueries,
    private readonly feed: FeedQueries,
  ) {}

  @QueryRoute('', { summary: 'List the consumers of events', operationId: 'listConsumers', tag, view: ConsumerList })
  list(@Asked() { organizationId }: Ask): Promise<ConsumerList> {
    return this.consumers.list(organizationId);
  }

  @CommandRoute('Put', ':consumerKey', {
    ...change,
    summary: 'Make a consumer, or set where it goes on',
    operationId: 'putConsumer',
    json: PutConsumer,
  })
  async put(@FromRequest() command: PutConsumer, @From() caller: Caller) {
    return answered(await this.consumers.put(command, caller));
  }

  @QueryRoute(':consumerKey', {
    summary: 'Read a consumer: how far it is',
    operationId: 'getConsumer',
    tag,
    view: ConsumerView,
  })
  one(@Asked() { organizationId, path }: Ask): Promise<ConsumerView> {
    return this.consumers.one(organizationId, path.consumerKey ?? '');
  }

  @QueryRoute(':consumerKey/events', {
    summary: 'The events that come next for a consumer',
    operationId: 'listConsumerEvents',
    tag,
    query: ConsumptionQuery,
    view: FeedPage,
  })
  async events(
    @Asked() { organizationId, path, query }: Ask<ConsumptionQuery>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<FeedPage> {
    const { position: after } = await this.consumers.one(organizationId, path.consumerKey ?? '');
    const { limit = 25, wait = 0 } = query;
    const types = query.types === undefined ? {} : { types: typesIn(query.types) };
    return this.feed.page({ organizationId, after, limit, ...types }, wait, goneSignal(reply));
  }

  @CommandRoute('Post', ':consumerKey/commit', {
    ...change,
    summary: 'Say up to where events are dealt with',
    operationId: 'commitConsumer',
    json: CommitPosition,
  })
  async commit(@FromRequest() command: CommitPosition, @From() caller: Caller) {
    return answered(await this.consumers.commit(command, caller));
  }

  @CommandRoute('Delete', ':consumerKey', {
    ...change,
    summary: 'Remove a consumer',
    operationId: 'removeConsumer',
    bodiless: RemoveConsumer,
  })
  async remove(@FromRequest() { consumerKey }: RemoveConsumer, @From() { organizationId }: Caller) {
    return answered(await this.consumers.remove(organizationId, consumerKey));
  }
}
