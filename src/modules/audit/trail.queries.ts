import { Injectable } from '@nestjs/common';
import { EventSchemas } from '../../events/event-schemas.js';
import { Refusal } from '../../commands/refusals.js';
import type { TrailFilter } from '../../commands/trail-filter.commands.js';
import { Database } from '../event-store/database.js';
import { eventColumns } from '../event-store/event-store.js';
import { inPresentSchema } from '../event-store/history.js';
import type { RecordedEvent } from '../event-store/history.js';
import { PersonalData } from '../event-store/personal-data.js';
import { Cursors } from '../http/cursors.js';
import { SpecDiffQueries } from '../specs/spec-diff.queries.js';
import { eventView } from '../specs/spec-events.queries.js';
import type { TrailQuery } from './trail-query.view.js';
import type { Filter, TrailRow } from './trail-statement.js';
import { beyond, filterValues, pageOf, rowOf, wordsOf } from './trail-statement.js';
import type { RequestContextView, TrailEntryDetail, TrailEntryView, TrailPage } from './trail.view.js';
import { wantedTerms, wordsIn } from './words.js';

/** How many entries that have the words are held against the other filters for one page. */
const mostFound = 1000;

const requests = {
  name: 'audit.requests',
  text: `select distinct on (correlation_id) correlation_id as "correlationId", method, path, status, key_id as "keyId", address,
      user_agent as "userAgent"
    from specline.request_context where organization_id = $1 and correlation_id = any ($2) order by correlation_id, recorded_at`,
};
const words = { name: 'audit.words', text: wantedTerms };
const event = {
  name: 'audit.event',
  text: `select ${eventColumns} from specline.event where organization_id = $1 and stream_id = $2 and version = $3`,
};

/** Where a page begins: behind the entry of this time and id. */
export type TrailEdge = [string, string];

/** Entries as they are kept and as they are shown, and where the next ones begin. */
export type TrailStretch = { rows: TrailRow[]; items: TrailEntryView[]; next: TrailEdge | null };

/** The audit trail of an organization. */
@Injectable()
export class TrailQueries {
  constructor(
    private readonly database: Database,
    private readonly cursors: Cursors,
    private readonly personal: PersonalData,
    private readonly schemas: EventSchemas,
    private readonly diffs: SpecDiffQueries,
  ) {}

  /** A page of the entries that fit, in the order of time. */
  async list(organizationId: string, query: TrailQuery): Promise<TrailPage> {
    const { limit = 25, cursor, ...filters } = query;
    const scope = { organizationId, list: 'audit', filters };
    const edge = cursor === undefined ? beyond(filters) : await this.cursors.open(scope, cursor);
    const filter = await this.filter(organizationId, filters);
    const { rows, next } = await this.page(organizationId, filter, edge as [string, string], limit);
    return {
      items: await this.shown(organizationId, rows),
      page: { next: next && (await this.cursors.seal(scope, next)) },
    };
  }

  /** A stretch for an export, the oldest first: its edges are not handed out, and so are no cursors. */
  async stretch(
    organizationId: string,
    query: TrailFilter,
    edge: TrailEdge | null,
    limit: number,
  ): Promise<TrailStretch> {
    const filter = await this.filter(organizationId, { ...query, order: 'oldest' });
    const { rows, next } = await this.page(organizationId, filter, edge ?? beyond(filter), limit);
    return { rows, items: await this.shown(organizationId, rows), next };
  }

  /** One entry, with the event and what it changed. @throws Refusal `not_found` */
  async one(organizationId: string, entryId: string): Promise<TrailEntryDetail> {
    const [row] = await this.database.query<TrailRow>(organizationId, rowOf, [organizationId, entryId]);
    const [entry] = row ? await this.shown(organizationId, [row]) : [];
    if (!row || !entry) throw new Refusal('not_found', 'There is no such entry in the trail of this organization.');
    if (row.streamId === null || row.version === null) return entry;
    const values = [organizationId, row.streamId, row.version];
    const [stored] = await this.database.query<RecordedEvent>(organizationId, event, values);
    if (!stored) return entry;
    const [shown] = await this.personal.revealEvents(organizationId, [inPresentSchema(stored, this.schemas)]);
    if (!shown) return entry;
    const isLater = row.type.startsWith('spec.') && row.version > 1;
    const sides = { from: String(row.version - 1), to: String(row.version) };
    const diff = isLater ? await this.diffs.changes(organizationId, row.streamId, sides) : undefined;
    return { ...entry, event: eventView(shown), ...(diff && { diff }) };
  }

  private async filter(organizationId: string, { onBehalfOf, ...query }: TrailQuery): Promise<Filter> {
    if (onBehalfOf === undefined) return query;
    // Of nobody who is known there is nothing.
    const [token = ''] = await this.personal.stored(organizationId, onBehalfOf);
    return { ...query, onBehalfOf: token };
  }

  private async page(
    organizationId: string,
    filter: Filter,
    edge: TrailEdge,
    limit: number,
  ): Promise<{ rows: TrailRow[]; next: TrailEdge | null }> {
    const found = filter.q === undefined ? null : await this.withWords(organizationId, filter, edge);
    const values = [organizationId, ...edge, limit + 1, found?.ids ?? null, ...filterValues(filter)];
    const rows = await this.database.query<TrailRow>(organizationId, pageOf(filter), values);
    const last = rows[limit - 1];
    if (rows.length > limit && last) return { rows: rows.slice(0, limit), next: [last.recordedAt, last.entryId] };
    return { rows, next: found?.edge ?? null };
  }

  /** The entries that have the words, beyond an edge, and where the next ones begin if these may not be all. */
  private async withWords(organizationId: string, filter: Filter, [time, id]: [string, string]) {
    const looked = [organizationId, [...wordsIn(filter.q ?? '')]];
    const [wanted] = await this.database.query<{ terms: string[] }>(organizationId, words, looked);
    if (!wanted || wanted.terms.length === 0) return { ids: [], edge: null };
    const values = [wanted.terms, filter.from, filter.to, time, id, filter.order !== 'oldest', mostFound];
    const found = await this.database.query<{ entryId: string; recordedAt: string }>(
      organizationId,
      wordsOf,
      values.map((value) => value ?? null),
    );
    const last = found.length === mostFound ? found.at(-1) : undefined;
    const edge = last ? ([last.recordedAt, last.entryId] satisfies [string, string]) : null;
    return { ids: found.map(({ entryId }) => entryId), edge };
  }

  private async shown(organizationId: string, rows: readonly TrailRow[]): Promise<TrailEntryView[]> {
    const revealed = await this.personal.reveal(organizationId, rows, ['actorName', 'onBehalfOf']);
    const ids = [...new Set(rows.map(({ correlationId }) => correlationId))];
    const known = await this.database.query<RequestContextView & { correlationId: string }>(organizationId, requests, [
      organizationId,
      ids,
    ]);
    const byId = new Map(known.map(({ correlationId, ...request }) => [correlationId, request]));
    return revealed.map(({ streamId: _stream, actorId, actorKind, actorName, ...row }) => {
      const request = byId.get(row.correlationId);
      const actor = { id: actorId, kind: actorKind, name: actorName };
      return { ...row, actor, ...(request && { request }) };
    });
  }
}
