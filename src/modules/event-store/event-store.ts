import { Injectable } from '@nestjs/common';
import { EventSchemas } from '../../events/event-schemas.js';
import type { AppendVerdict } from './append-queue.js';
import { AppendQueue } from './append-queue.js';
import type { ChainEnd, EventDraft } from './chain.js';
import { beginning, chainOn } from './chain.js';
import { Database } from './database.js';
import type { RecordedEvent } from './history.js';
import { inPresentSchema } from './history.js';
import { isUntil } from './point-in-time.js';

/** A stream: of one organization, of one type. */
export type Stream = { organizationId: string; type: string; id: string };

/** The first answer to a command, kept so that a repetition gets the same one. */
export type CommandRecord = { version: number; seq: number | null; response: object; requestHash: string | null };

/** The columns of a RecordedEvent. */
export const eventColumns = `organization_id as "organizationId", stream_id as "streamId", version, seq, event_id as "eventId", type,
  schema_version as "schemaVersion", payload, metadata, command_id as "commandId",
  to_char(recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "recordedAt",
  encode(previous_hash, 'hex') as "previousHash", encode(hash, 'hex') as "hash"`;

/** Ids of streams of all types look alike, and one of them can be sent where another is meant. */
const ofType = `exists (select from specline.stream s
      where s.organization_id = $1 and s.stream_id = $2 and s.stream_type = $3)`;

const readStream = {
  name: 'event-store.read',
  text: `select ${eventColumns} from specline.event where organization_id = $1 and stream_id = $2 and ${ofType}
    and version > $4 and version <= $5 order by version limit $6`,
};
/** The index of these events is asked for in its own words. */
const readLifecycle = {
  name: 'event-store.lifecycle',
  text: `select ${eventColumns} from specline.event where organization_id = $1 and stream_id = $2 and ${ofType}
    and type like 'spec.lifecycle.%' order by version`,
};
const readCommand = {
  name: 'event-store.command',
  text: `select c.version, c.response, encode(c.request_hash, 'hex') as "requestHash",
      (select e.seq from specline.event e
        where e.organization_id = c.organization_id and e.stream_id = c.stream_id and e.version = c.version) as seq
    from specline.command c where c.organization_id = $1 and c.command_id = $2`,
};
const streamPlace = {
  name: 'event-store.place',
  text: `select version, encode(last_hash, 'hex') as hash from specline.stream
    where organization_id = $1 and stream_id = $2 and stream_type = $3`,
};
const versionAt = {
  name: 'event-store.version-at',
  text: `select coalesce(max(version), 0) as version from specline.event
    where organization_id = $1 and stream_id = $2 and ${ofType} and ${isUntil('$4')}`,
};

const timeAt = {
  name: 'event-store.time-at',
  text: `select to_char(recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at from specline.event
    where organization_id = $1 and seq <= $2 order by seq desc limit 1`,
};

const streamEnd = {
  name: 'event-store.end',
  text: `select s.stream_type as type, s.version, encode(s.last_hash, 'hex') as hash,
      to_char(e.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "recordedAt"
    from specline.stream s join specline.event e using (organization_id, stream_id, version)
    where s.organization_id = $1 and s.stream_id = $2`,
};

/** What must be true of a stream for an append: a version that it has, that it is new, that it is not, or nothing. */
export type Expectation = number | 'new' | 'exists' | 'any';

/** Events by whoever decides without a state. The same command id again gets the first answer again. */
export type Append = {
  commandId: string;
  now: Date;
  events: readonly EventDraft[];
  /** Kept as the answer to the command. */
  response?: object;
  /** SHA-256, hex, of the request behind the command. */
  requestHash?: string | null;
};

/** Append to a stream and read it; knows no feature. */
@Injectable()
export class EventStore {
  constructor(
    private readonly database: Database,
    private readonly queue: AppendQueue,
    private readonly schemas: EventSchemas,
  ) {}

  /**
   * Appends to a stream that is as expected; otherwise the verdict is `conflict`, with the version that it has. An append
   * that expects no version in particular is chained anew for as long as it loses to others.
   */
  async append(stream: Stream, expectation: Expectation, append: Append): Promise<AppendVerdict> {
    const { organizationId, id: streamId, type: streamType } = stream;
    const { commandId, now, response = {}, requestHash = null } = append;
    for (;;) {
      const start = expectation === 'new' ? beginning : await this.end(stream);
      if (!meets(expectation, start.version)) {
        const earlier = await this.commandRecord(organizationId, commandId);
        return earlier ? { status: 'duplicate', ...earlier } : { status: 'conflict', version: start.version };
      }
      const place = { organizationId, streamId, commandId, now: now.toISOString() };
      let end = start;
      const events = append.events.map((draft) => {
        const next = chainOn(end, place, draft);
        end = next.end;
        return next.event;
      });
      const identity = { organizationId, streamId, streamType, commandId, requestHash };
      const item = { ...identity, expected: start.version, response, events, rows: [] };
      const verdict = await this.queue.append(item);
      if (verdict.status !== 'conflict' || (expectation !== 'any' && expectation !== 'exists')) return verdict;
    }
  }

  /**
   * Events of a stream after one version, up to and including another, oldest first, at most `limit`; in their present
   * schema version, whichever they are stored in.
   */
  async read(
    { organizationId, type, id }: Stream,
    after = 0,
    upTo = Number.MAX_SAFE_INTEGER,
    limit = 1_000_000,
  ): Promise<RecordedEvent[]> {
    const values = [organizationId, id, type, after, upTo, limit];
    const stored = await this.database.query<RecordedEvent>(organizationId, readStream, values);
    return stored.map((event) => inPresentSchema(event, this.schemas));
  }

  /** The events of a spec's stream that are about its lifecycle, oldest first. */
  async readLifecycle({ organizationId, type, id }: Stream): Promise<RecordedEvent[]> {
    const stored = await this.database.query<RecordedEvent>(organizationId, readLifecycle, [organizationId, id, type]);
    return stored.map((event) => inPresentSchema(event, this.schemas));
  }

  /** Whether a stream still ends there: at this version, which it came to by this history. */
  async endsAt({ organizationId, type, id }: Stream, { version, hash }: ChainEnd): Promise<boolean> {
    const values = [organizationId, id, type];
    const [row = beginning] = await this.database.query<Pick<ChainEnd, 'version' | 'hash'>>(
      organizationId,
      streamPlace,
      values,
    );
    return row.version === version && row.hash === hash;
  }

  /** The version a stream had at a time (RFC 3339) or a position of history; 0 before its first event. */
  async versionAt({ organizationId, type, id }: Stream, at: string): Promise<number> {
    const values = [organizationId, id, type, at];
    const [row] = await this.database.query<{ version: number }>(organizationId, versionAt, values);
    return row?.version ?? 0;
  }

  /**
   * When a point in history was, RFC 3339: a time as it is, a position as the time of the organization's last event until
   * there, or before all times where there was none.
   */
  async timeOf(organizationId: string, point: string): Promise<string> {
    if (!/^\d+$/.test(point)) return point;
    const [row] = await this.database.query<{ at: string }>(organizationId, timeAt, [organizationId, point]);
    return row?.at ?? '0001-01-01T00:00:00.000Z';
  }

  async commandRecord(organizationId: string, commandId: string): Promise<CommandRecord | undefined> {
    const [row] = await this.database.query<CommandRecord>(organizationId, readCommand, [organizationId, commandId]);
    return row;
  }

  private async end({ organizationId, type, id }: Stream): Promise<ChainEnd> {
    const values = [organizationId, id];
    const [row] = await this.database.query<ChainEnd & { type: string }>(organizationId, streamEnd, values);
    if (row && row.type !== type) throw new Error(`${id} is a stream of the type ${row.type}, not ${type}`);
    return row ?? beginning;
  }
}

function meets(expectation: Expectation, version: number): boolean {
  if (expectation === 'any') return true;
  if (expectation === 'exists') return version > 0;
  return version === (expectation === 'new' ? 0 : expectation);
}
