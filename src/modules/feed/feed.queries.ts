import type { OnModuleDestroy } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import { Refusal } from '../../commands/refusals.js';
import { EventSchemas } from '../../events/event-schemas.js';
import { structuredCloudEvent } from '../event-store/cloud-event.js';
import { Database } from '../event-store/database.js';
import { eventColumns } from '../event-store/event-store.js';
import { inPresentSchema } from '../event-store/history.js';
import type { RecordedEvent } from '../event-store/history.js';
import { OrganizationQueries } from '../organizations/organization.queries.js';
import { FeedPulse } from './feed-pulse.js';
import type { CloudEventView, FeedPage } from './feed.view.js';

/** How many events are looked through for those of some types, for one page. */
const stretch = 2000;
/** Of a stream: milliseconds between two signs of life, at which the key is looked at again; and of its whole life. */
const streaming = { beat: 15_000, life: 600_000, page: 100 } as const;

/** What history holds for one organization between two positions; the second one is final. */
export const pageOfFeed = {
  name: 'feed.page',
  text: `with stretch as materialized (
      select seq as place, type, stream_id as stream, version as at from specline.event
      where organization_id = $1 and seq > $2 and seq <= $3 order by seq limit $4)
    select s."end", s.looked, e.* from (select max(place) as "end", count(*) as looked from stretch) s
      left join lateral (
        select ${eventColumns} from (
            select stream, at from stretch where $5::text[] is null or type = any ($5) order by place limit $6) f
          join specline.event on organization_id = $1 and stream_id = f.stream and version = f.at) e on true
    order by e.seq`,
};

type Asked = { organizationId: string; after: number; types?: readonly string[]; limit: number };
/** `isEnd`: there is nothing behind it yet. */
type Read = { events: RecordedEvent[]; next: number; isEnd: boolean };

/** The events of an organization in the order of history: nothing that is not final, and no gap. */
@Injectable()
export class FeedQueries implements OnModuleDestroy {
  /** Ends with the process, so that nobody who waits holds it up. */
  private readonly ending = new AbortController();

  constructor(
    private readonly database: Database,
    private readonly pulse: FeedPulse,
    private readonly schemas: EventSchemas,
    private readonly organizations: OrganizationQueries,
  ) {}

  onModuleDestroy(): void {
    this.ending.abort();
  }

  /** @throws Refusal where history has never been as long as that: it was restored from a copy, or the reader's place is of another one */
  async assertReached(after: number): Promise<void> {
    if (after === 0 || (await this.pulse.hasReached(after))) return;
    throw new Refusal(
      'invalid_request',
      `History has not come to ${after}: read it again from where you can be sure.`,
      {
        errors: [{ pointer: 'after', code: 'bound', message: 'after must be a position that was given out' }],
      },
    );
  }

  /** A page of events; where there is none yet, the first ones that come within so many seconds. */
  async page(asked: Asked, seconds: number, gone: AbortSignal): Promise<FeedPage> {
    const signal = AbortSignal.any([gone, this.ending.signal, AbortSignal.timeout(seconds * 1000)]);
    let { after } = asked;
    for (;;) {
      const { events, next, isEnd } = await this.read({ ...asked, after });
      if (events.length > 0 || signal.aborted || seconds === 0) {
        return { items: events.map((event) => structuredCloudEvent(event) as CloudEventView), next };
      }
      if (isEnd) await this.pulse.next(asked.organizationId, next, signal);
      after = next;
    }
  }

  /** Events as they come, in the format of server-sent events (HTML, section 9.2), until the reader goes or its key is revoked. */
  async *stream(asked: Omit<Asked, 'limit'>, keyId: string, life: AbortSignal): AsyncGenerator<string> {
    const signal = AbortSignal.any([life, this.ending.signal, AbortSignal.timeout(streaming.life)]);
    let { after } = asked;
    yield 'retry: 1000\n\n';
    let beatAt = performance.now();
    while (!signal.aborted) {
      const { events, next, isEnd } = await this.read({ ...asked, after, limit: streaming.page });
      for (const event of events) yield frameOf(event);
      if (performance.now() - beatAt > streaming.beat) {
        if (!(await this.isGood(asked.organizationId, keyId))) return;
        // An id without data moves Last-Event-ID and tells nobody anything.
        yield `id: ${next}\n\n`;
        beatAt = performance.now();
      }
      after = next;
      const soon = AbortSignal.any([signal, AbortSignal.timeout(streaming.beat)]);
      if (isEnd) await this.pulse.next(asked.organizationId, next, soon);
    }
  }

  private async isGood(organizationId: string, keyId: string): Promise<boolean> {
    const { items } = await this.organizations.keys(organizationId);
    return items.some((key) => key.keyId === keyId && key.revokedAt === null);
  }

  private async read({ organizationId, after, types, limit }: Asked): Promise<Read> {
    const final = await this.pulse.final();
    if (after >= final) return { events: [], next: after, isEnd: true };
    const most = types ? stretch : limit;
    const values = [organizationId, after, final, most, types ?? null, limit];
    type Row = Omit<RecordedEvent, 'seq'> & { end: number | null; looked: number; seq: number | null };
    const rows = await this.database.query<Row>(organizationId, pageOfFeed, values);
    const events = rows.flatMap(({ end: _end, looked: _looked, seq, ...event }) =>
      seq === null ? [] : [inPresentSchema({ ...event, seq }, this.schemas)],
    );
    const [first] = rows;
    const last = events.length === limit ? events.at(-1)?.seq : first?.looked === most ? first.end : undefined;
    return { events, next: last ?? final, isEnd: (last ?? final) >= final };
  }
}

const frameOf = (event: RecordedEvent): string =>
  `id: ${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(structuredCloudEvent(event))}\n\n`;
