import type { ClientBase } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { CopyRows } from './copy-rows.js';
import type { FoldedEvent } from './read-model.js';

/** A stream to be read, from the event after a version on. */
export type StreamStart = { organizationId: string; streamId: string; after: number };

const uuid = /^[0-9a-f-]{36}$/;
/** PostgreSQL counts time from the year 2000, in microseconds. */
const epoch = Date.UTC(2000, 0, 1);

/** One probe of the primary key a stream: in order, without a sort, whatever the planner thinks of the table. */
const historyOf = (streams: readonly StreamStart[]) => `copy (
  select s.number, e.version, e.type, e.schema_version, e.recorded_at, e.metadata -> 'actor', e.payload
  from unnest(${list(
    streams.map(({ organizationId }) => organizationId),
    'uuid',
  )}, ${list(
    streams.map(({ streamId }) => streamId),
    'uuid',
  )}, ${list(
    streams.map(({ after }) => after),
    'bigint',
  )})
    with ordinality as s (organization_id, stream_id, after, number)
  cross join lateral (
    select version, type, schema_version, recorded_at, metadata, payload from specline.event
    where organization_id = s.organization_id and stream_id = s.stream_id and version > s.after order by version) e
  ) to stdout (format binary)`;

/** COPY takes no parameters; what stands here are ids and versions that the database gave. */
function list(values: readonly (string | number)[], type: 'uuid' | 'bigint'): string {
  const safe = values.every((value) => (typeof value === 'number' ? Number.isSafeInteger(value) : uuid.test(value)));
  if (!safe) throw new Error('an id of a stream is no UUID, or a version no number');
  return `'{${values.join()}}'::${type}[]`;
}

/**
 * Reads the events of streams, each stream's in order and whole, one stream after the other.
 *
 * @param onEvent gets each event, and which of the streams it is of
 * @param afterPiece is awaited between pieces of what the database sends: reading waits for it
 * @throws Error when a stream's versions have a gap
 */
export async function readHistory(
  client: ClientBase,
  streams: readonly StreamStart[],
  onEvent: (event: FoldedEvent, index: number) => void,
  afterPiece: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  if (streams.length === 0) return;
  let index = -1;
  let last = 0;
  const actors = new Actors();
  const rows = new CopyRows(([number, version, type, schemaVersion, recordedAt, actor, payload]) => {
    if (!number || !version || !type || !schemaVersion || !recordedAt || !payload)
      throw new Error('an event misses a column');
    const at = wholeNumber(number) - 1;
    const stream = streams[at];
    if (!stream || at < index) throw new Error('events came in another order than they were asked for');
    if (at > index) last = stream.after;
    index = at;
    const event: FoldedEvent = {
      organizationId: stream.organizationId,
      streamId: stream.streamId,
      version: wholeNumber(version),
      type: type.toString('latin1'),
      schemaVersion: schemaVersion.readInt32BE(0),
      at: new Date(epoch + Math.round(wholeNumber(recordedAt) / 1000)).toISOString(),
      actor: actors.of(actor),
      // A jsonb value begins with a byte that tells the version of the format.
      payload: JSON.parse(payload.toString('utf8', 1)) as object,
    };
    if (event.version !== last + 1) {
      throw new Error(`the stream ${stream.streamId} goes from version ${last} to ${event.version}`);
    }
    last = event.version;
    onEvent(event, at);
  });
  for await (const piece of client.query(copyTo(historyOf(streams)))) {
    rows.push(piece as Buffer);
    await afterPiece();
  }
}

/** A 64-bit integer; positions, versions and times stay far below 2^53. */
const wholeNumber = (field: Buffer): number => field.readInt32BE(0) * 2 ** 32 + field.readUInt32BE(4);

/** Events of one stream are mostly of one actor: it is parsed once. */
class Actors {
  private text = '';
  private actor: FoldedEvent['actor'] = { id: '', kind: 'system', name: '' };

  of(field: Buffer | null | undefined): FoldedEvent['actor'] {
    const text = field?.toString('utf8', 1) ?? '';
    if (text !== this.text) {
      this.actor = JSON.parse(text) as FoldedEvent['actor'];
      this.text = text;
    }
    return this.actor;
  }
}
