import { Injectable } from '@nestjs/common';
import { Database } from '../event-store/database.js';
import { eventColumns } from '../event-store/event-store.js';
import type { RecordedEvent } from '../event-store/history.js';
import type { EventLine, MissingLine } from './evidence-line.js';
import type { Seal } from './seal.js';

type ChosenRow = { chosenStream: string; chosenVersion: number; head: number | null };
/** A line of the file, and the ledger's entry behind it, if there is one. */
export type PageLine = { line: EventLine | MissingLine; entry: { position: number; hash: string } | undefined };

type Entry = { position: number; seq: number; streamId: string; version: number; eventId: string; hash: string };
/** An event with what the ledger says of it; of one that history has no more, every column is null. */
type PageRow = { [K in keyof RecordedEvent]: RecordedEvent[K] | null } & { entry: Entry | null; place: number };

/** An event that was chosen, and the last version of its stream that is sealed. */
export type ChosenLine = { line: EventLine | MissingLine; streamId: string; version: number; head: number };

/** How much a page holds: rows, and bytes of payload as they are stored, which are a few times as many when read. */
const page = { rows: 200, bytes: 1024 * 1024 };

const entryJson = `case when l.position is not null then json_build_object('position', l.position, 'seq', l.seq,
  'streamId', l.stream_id, 'version', l.version, 'eventId', l.event_id, 'hash', encode(l.hash, 'hex')) end as "entry"`;
const eventOf = (condition: string) =>
  `lateral (select ${eventColumns}, pg_column_size(payload) as "bytes" from specline.event
    where organization_id = $1 and ${condition}) e`;
/** The rows of a page up to its bytes; one at least. */
const withinBytes = (rows: string) =>
  `select * from (
    select p.*, sum(coalesce("bytes", 0)) over (order by "place") - coalesce("bytes", 0) as "before" from (${rows}) p) q
  where "before" <= ${page.bytes} order by "place"`;

const entriesAfter = {
  name: 'evidence.entries-after',
  text: withinBytes(
    `select ${entryJson}, e.*, l.position as "place" from (
        select * from specline.ledger_entry where organization_id = $1 and position > $2 and position <= $3
        order by position limit ${page.rows}) l
      left join ${eventOf('stream_id = l.stream_id and version = l.version')} on true`,
  ),
};
/** Events that stand between two entries of the ledger and that it does not know. */
const strangersBetween = {
  name: 'evidence.strangers-between',
  text: `select null::json as "entry", ${eventColumns}, 0::bigint as "place" from specline.event e
    where organization_id = $1 and seq > $2 and seq <= $3
      and not exists (select from specline.ledger_entry l
        where l.organization_id = $1 and l.stream_id = e.stream_id and l.version = e.version)`,
};
/** The versions of a stream that history or the ledger has. */
const versionsAfter = {
  name: 'evidence.versions-after',
  text: withinBytes(
    `select ${entryJson}, e.*, k.version as "place" from (
        (select version from specline.ledger_entry
          where organization_id = $1 and stream_id = $2 and version > $3 and position <= $4 order by version limit ${page.rows})
        union
        (select version from specline.event
          where organization_id = $1 and stream_id = $2 and version > $3 and seq <= $5 order by version limit ${page.rows})
        order by version limit ${page.rows}) k
      left join specline.ledger_entry l on l.organization_id = $1 and l.stream_id = $2 and l.version = k.version
      left join ${eventOf('stream_id = $2 and version = k.version')} on true`,
  ),
};
/** The events that were chosen for an export, stream by stream, with the last version of their stream that is sealed. */
const chosenAfter = {
  name: 'evidence.chosen-after',
  text: withinBytes(
    `select ${entryJson}, e.*, row_number() over (order by k.stream_id, k.version) as "place", k.stream_id as "chosenStream",
        k.version as "chosenVersion", (select max(h.version) from specline.ledger_entry h
          where h.organization_id = $1 and h.stream_id = k.stream_id and h.position <= $3) as "head"
      from (
        select stream_id, version from specline.audit_export_event
        where organization_id = $1 and export_id = $2 and (stream_id, version) > ($4::uuid, $5::bigint)
        order by stream_id, version limit ${page.rows}) k
      left join specline.ledger_entry l on l.organization_id = $1 and l.stream_id = k.stream_id and l.version = k.version
      left join ${eventOf('stream_id = k.stream_id and version = k.version')} on true`,
  ),
};
const seqOf = {
  name: 'evidence.seq-of',
  text: 'select seq from specline.ledger_entry where organization_id = $1 and position <= $2 order by position desc limit 1',
};
const hasSpec = {
  name: 'evidence.has-spec',
  text: `select exists (select from specline.ledger_entry where organization_id = $1 and stream_id = $2 and position <= $3)
    and not exists (select from specline.stream where organization_id = $1 and stream_id = $2 and stream_type <> 'spec') as "has"`,
};

/** History as it stands in the tables beside what the ledger says of it, page by page. */
@Injectable()
export class EvidencePages {
  constructor(private readonly database: Database) {}

  async hasSpec(organizationId: string, specId: string, { size }: Seal): Promise<boolean> {
    const [row] = await this.database.query<{ has: boolean }>(organizationId, hasSpec, [organizationId, specId, size]);
    return row?.has ?? false;
  }

  async *ofOrganization(organizationId: string, { size }: Seal): AsyncGenerator<PageLine[]> {
    let [position, seq] = [0, -1];
    for (;;) {
      const rows = await this.query(organizationId, entriesAfter, [position, size]);
      const last = rows.at(-1)?.entry;
      if (!last) return;
      const strangers = await this.query(organizationId, strangersBetween, [seq, last.seq]);
      yield [...rows, ...strangers].sort((a, b) => placeOf(a) - placeOf(b)).map(lineOf);
      [position, seq] = [last.position, last.seq];
    }
  }

  async *ofSpec(organizationId: string, specId: string, { size }: Seal): AsyncGenerator<PageLine[]> {
    const [row] = await this.database.query<{ seq: number }>(organizationId, seqOf, [organizationId, size]);
    for (let version = 0; ;) {
      const rows = await this.query(organizationId, versionsAfter, [specId, version, size, row?.seq ?? 0]);
      const last = rows.at(-1);
      if (!last) return;
      yield rows.map(lineOf);
      version = last.place;
    }
  }

  /** The events that were chosen for an export, in the order of streams and versions. */
  async *ofChosen(organizationId: string, exportId: string, { size }: Seal): AsyncGenerator<ChosenLine[]> {
    for (let [stream, version] = ['00000000-0000-0000-0000-000000000000', 0]; ;) {
      const values = [organizationId, exportId, size, stream, version];
      const rows = await this.database.query<PageRow & ChosenRow>(organizationId, chosenAfter, values);
      const last = rows.at(-1);
      if (!last) return;
      yield rows.map(({ chosenStream, chosenVersion, head, ...row }) => {
        return { line: lineOf(row).line, streamId: chosenStream, version: chosenVersion, head: head ?? chosenVersion };
      });
      [stream, version] = [last.chosenStream, last.chosenVersion];
    }
  }

  private query(
    organizationId: string,
    statement: { name: string; text: string },
    values: unknown[],
  ): Promise<PageRow[]> {
    return this.database.query<PageRow>(organizationId, statement, [organizationId, ...values]);
  }
}

/** Where a row stands in history: by the ledger, or where it pretends to. */
const placeOf = ({ entry, seq }: PageRow): number => entry?.seq ?? seq ?? 0;

function lineOf({ entry, ...row }: PageRow): PageLine {
  if (row.seq === null) {
    if (!entry) throw new Error('a row has neither an event nor an entry');
    const { position, streamId, version, eventId, hash } = entry;
    return { line: { kind: 'missing', position, streamId, version, eventId, hash }, entry };
  }
  const { seq, previousHash, hash, ...event } = row as RecordedEvent;
  // An event that was moved in history is no longer where the ledger noted it.
  const position = entry?.seq === seq ? entry.position : null;
  return { line: { kind: 'event', event, position, previousHash, hash }, entry: entry ?? undefined };
}
