import { Injectable } from '@nestjs/common';
import type { Caller } from '../../commands/command.js';
import type { CommitPosition, PutConsumer } from '../../commands/consumer.commands.js';
import { Refusal } from '../../commands/refusals.js';
import { Database } from '../event-store/database.js';
import type { ConsumerList, ConsumerView } from './consumer.view.js';
import { FeedPulse } from './feed-pulse.js';

/** How many an organization may have. */
const most = 100;

const time = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const columns = `consumer_key as "consumerKey", position, ${time('created_at')} as "createdAt", ${time('committed_at')} as "committedAt",
  committed_by as "committedBy"`;

const consumers = {
  name: 'feed.consumers',
  text: `select ${columns} from specline.event_consumer
    where organization_id = $1 and ($2::text is null or consumer_key = $2) order by consumer_key`,
};
const put = {
  name: 'feed.put-consumer',
  text: `insert into specline.event_consumer as c (organization_id, consumer_key, position, created_at)
    select $1, $2, coalesce($3, 0), $4 where exists (
        select from specline.event_consumer k where k.organization_id = $1 and k.consumer_key = $2)
      or (select count(*) from specline.event_consumer k where k.organization_id = $1) < ${most}
    on conflict (organization_id, consumer_key) do update set position = coalesce($3, c.position)
    returning ${columns}`,
};
const commit = {
  name: 'feed.commit',
  text: `update specline.event_consumer set position = greatest(position, $3), committed_at = $5, committed_by = $6
    where organization_id = $1 and consumer_key = $2 and ($4::bigint is null or position = $4) returning ${columns}`,
};
const remove = {
  name: 'feed.remove-consumer',
  text: `delete from specline.event_consumer where organization_id = $1 and consumer_key = $2 returning ${columns}`,
};

/** Who reads an organization's events under a name, and how far. It is no part of history: a bookmark, moved often. */
@Injectable()
export class ConsumerQueries {
  constructor(
    private readonly database: Database,
    private readonly pulse: FeedPulse,
  ) {}

  async list(organizationId: string): Promise<ConsumerList> {
    const items = await this.database.query<ConsumerView>(organizationId, consumers, [organizationId, null]);
    return { items, page: { next: null } };
  }

  /** @throws Refusal `not_found` */
  async one(organizationId: string, consumerKey: string): Promise<ConsumerView> {
    const [found] = await this.database.query<ConsumerView>(organizationId, consumers, [organizationId, consumerKey]);
    return found ?? none();
  }

  /** Makes a consumer, or sets where it goes on: backwards too, which only this does. */
  async put({ consumerKey, position }: PutConsumer, { organizationId, now }: Caller): Promise<ConsumerView> {
    await this.mustBeFinal(position ?? 0);
    const values = [organizationId, consumerKey, position ?? null, now];
    const [made] = await this.database.query<ConsumerView>(organizationId, put, values);
    if (!made) throw refused('/consumerKey', `an organization has ${most} consumers at most`);
    return made;
  }

  /**
   * Moves the consumer on, never back: a late commit of what is dealt with already leaves it where it is.
   * @throws Refusal `not_found`; `content_changed` where it stands elsewhere than the caller read
   */
  async commit({ consumerKey, position, after }: CommitPosition, caller: Caller): Promise<ConsumerView> {
    const { organizationId, now, actor } = caller;
    await this.mustBeFinal(position);
    const values = [organizationId, consumerKey, position, after ?? null, now, actor.id];
    const [moved] = await this.database.query<ConsumerView>(organizationId, commit, values);
    if (moved) return moved;
    const { position: present } = await this.one(organizationId, consumerKey);
    throw new Refusal('content_changed', `The consumer stands at ${present}: another one has moved it.`, { present });
  }

  /** @throws Refusal `not_found` */
  async remove(organizationId: string, consumerKey: string): Promise<ConsumerView> {
    const [removed] = await this.database.query<ConsumerView>(organizationId, remove, [organizationId, consumerKey]);
    return removed ?? none();
  }

  /** What nobody can have read yet is not dealt with. */
  private async mustBeFinal(position: number): Promise<void> {
    if (position > 0 && position > (await this.pulse.final())) {
      throw refused('/position', 'position must be one that events were read up to');
    }
  }
}

function none(): never {
  throw new Refusal('not_found', 'There is no such consumer in this organization.');
}

const refused = (pointer: string, message: string): Refusal =>
  new Refusal('validation_failed', `${message}.`, { errors: [{ pointer, code: 'bound', message }] });
