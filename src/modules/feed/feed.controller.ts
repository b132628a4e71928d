import { Controller, Headers, Res, StreamableFile } from '@nestjs/common';
import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { Refusal } from '../../commands/refusals.js';
import type { Ask } from '../http/query-route.js';
import { Asked, QueryRoute } from '../http/query-route.js';
import { chosenMediaType } from '../http/representation.js';
import { FeedQueries } from './feed.queries.js';
import { eventStream, FeedPage, FeedQuery, typesIn } from './feed.view.js';

@Controller('v1/organizations/:organizationId/events')
export class FeedController {
  constructor(private readonly feed: FeedQueries) {}

  @QueryRoute('', {
    summary: 'Follow history: a page of events, or a stream of them as they come',
    operationId: 'listEvents',
    tag: 'Events',
    query: FeedQuery,
    view: FeedPage,
    alternative: eventStream,
    problems: ['invalid_header'],
  })
  async list(
    @Asked() { organizationId, principal, query, headers }: Ask<FeedQuery>,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<FeedPage | StreamableFile> {
    const chosen = chosenMediaType(headers.accept, ['application/json', eventStream.mediaType]);
    void reply.header('vary', 'Accept').header('cache-control', 'private, no-store');
    const gone = goneSignal(reply);
    const { after = 0, limit = 25, wait = 0 } = query;
    const types = query.types === undefined ? {} : { types: typesIn(query.types) };
    const isPage = chosen === 'application/json';
    const last = (isPage ? undefined : positionBehind(lastEventId)) ?? after;
    await this.feed.assertReached(last);
    if (isPage) return this.feed.page({ organizationId, after, limit, ...types }, wait, gone);
    // Proxies that gather answers would hold events back.
    void reply.header('x-accel-buffering', 'no');
    const life = query.wait === undefined ? gone : AbortSignal.any([gone, AbortSignal.timeout(wait * 1000)]);
    const frames = this.feed.stream({ organizationId, after: last, ...types }, principal?.keyId ?? '', life);
    return new StreamableFile(Readable.from(frames, { objectMode: false }), { type: eventStream.mediaType });
  }
}

/**
 * Where a reader who was cut off goes on; nowhere in particular where it has heard nothing yet.
 *
 * @throws Refusal when it is no position: to begin anew would tell all of history again as if it were news
 */
function positionBehind(lastEventId = ''): number | undefined {
  if (lastEventId === '') return undefined;
  if (/^\d{1,15}$/.test(lastEventId)) return Number(lastEventId);
  throw new Refusal('invalid_header', 'Last-Event-ID takes the id of an event of this stream, which is a number.');
}

/** Aborts when whoever asked has gone. */
export function goneSignal(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  return gone.signal;
}
