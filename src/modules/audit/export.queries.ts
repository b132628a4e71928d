import { Injectable } from '@nestjs/common';
import { Refusal } from '../../commands/refusals.js';
import type { TrailFilter } from '../../commands/trail-filter.commands.js';
import { Database } from '../event-store/database.js';
import { PersonalData } from '../event-store/personal-data.js';
import { Cursors } from '../http/cursors.js';
import type { PagedQuery } from '../http/page.view.js';
import { AuditClock } from './audit-clock.js';
import type { ExportList, ExportView } from './export.view.js';

/** An export as it is kept: names are tokens. */
export type ExportRow = Omit<ExportView, 'requestedBy'> & {
  organizationId: string;
  shareId: string | null;
  requestHash: string | null;
  actorId: string;
  actorKind: string;
  actorName: string;
};

const time = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** The columns of an {@link ExportRow}. */
export const exportColumns = `organization_id as "organizationId", export_id as "exportId", share_id as "shareId", format, filter,
  status, request_hash as "requestHash", actor_id as "actorId", actor_kind as "actorKind", actor_name as "actorName", position,
  seal, percent, rows, bytes, sha256, problem, ${time('created_at')} as "createdAt", ${time('finished_at')} as "finishedAt",
  ${time('expires_at')} as "expiresAt"`;

const one = {
  name: 'audit.export',
  text: `select ${exportColumns} from specline.audit_export where organization_id = $1 and export_id = $2`,
};
const newest = {
  name: 'audit.exports',
  text: `select ${exportColumns} from specline.audit_export where organization_id = $1 and share_id is null
      and ($2::uuid is null or (created_at, export_id) < (
        select created_at, export_id from specline.audit_export where organization_id = $1 and export_id = $2))
    order by created_at desc, export_id desc limit $3`,
};
const chunk = {
  name: 'audit.export-chunk',
  text: `select begins_at as "beginsAt", content from specline.audit_export_chunk
    where organization_id = $1 and export_id = $2 and begins_at <= $3 order by begins_at desc limit 1`,
};

/** Exports as they are shown, and read. */
@Injectable()
export class ExportQueries {
  constructor(
    private readonly database: Database,
    private readonly personal: PersonalData,
    private readonly cursors: Cursors,
    private readonly clock: AuditClock,
  ) {}

  /** The newest first. */
  async list(organizationId: string, { limit = 25, cursor }: PagedQuery): Promise<ExportList> {
    const scope = { organizationId, list: 'audit-exports', filters: {} };
    const [before = null] = cursor === undefined ? [] : await this.cursors.open(scope, cursor);
    const found = await this.database.query<ExportRow>(organizationId, newest, [organizationId, before, limit + 1]);
    const rows = found.slice(0, limit);
    const next = found.length > limit ? await this.cursors.seal(scope, [rows.at(-1)?.exportId]) : null;
    return { items: await this.shown(organizationId, rows), page: { next } };
  }

  /** @throws Refusal `not_found` */
  async stored(organizationId: string, exportId: string): Promise<ExportRow> {
    const [row] = await this.database.query<ExportRow>(organizationId, one, [organizationId, exportId]);
    if (!row) throw new Refusal('not_found', 'There is no such export in this organization.');
    return row;
  }

  async one(organizationId: string, exportId: string): Promise<ExportView> {
    return this.view(await this.stored(organizationId, exportId));
  }

  async view(row: ExportRow): Promise<ExportView> {
    const [view] = await this.shown(row.organizationId, [row]);
    if (!view) throw new Error('a row has a view');
    return view;
  }

  /** An export that has content. @throws Refusal `not_ready`, or `gone` */
  async ready(organizationId: string, exportId: string): Promise<{ row: ExportRow; sha256: string }> {
    const row = await this.stored(organizationId, exportId);
    const status = this.statusOf(row);
    if (status === 'expired' || status === 'withdrawn') throw new Refusal('gone', `The export was ${status}.`);
    if (status !== 'ready' || row.sha256 === null) {
      const detail = status === 'failed' ? 'The export failed: begin another.' : `The export is ${row.percent} % done.`;
      throw new Refusal('not_ready', detail, status === 'failed' ? {} : { retryAfter: 1 });
    }
    return { row, sha256: row.sha256 };
  }

  /**
   * Some of the bytes of an export, a chunk at a time.
   * @param from the first byte, from 0
   * @param end behind the last byte
   */
  async *content(
    { organizationId, exportId }: Pick<ExportRow, 'organizationId' | 'exportId'>,
    from: number,
    end: number,
  ): AsyncGenerator<Buffer> {
    for (let at = from; at < end;) {
      const values = [organizationId, exportId, at];
      const [found] = await this.database.query<{ beginsAt: number; content: Buffer }>(organizationId, chunk, values);
      const part = found?.content.subarray(at - found.beginsAt, end - found.beginsAt);
      if (!part || part.length === 0) throw new Error(`the export ${exportId} was taken back while it was read`);
      at += part.length;
      yield part;
    }
  }

  /** What was not swept yet is over all the same. */
  private statusOf({ status, expiresAt }: ExportRow): ExportView['status'] {
    const isOver = status !== 'withdrawn' && new Date(expiresAt) <= this.clock.now();
    return isOver ? 'expired' : status;
  }

  private async shown(organizationId: string, rows: readonly ExportRow[]): Promise<ExportView[]> {
    const named = await this.personal.reveal(organizationId, rows, ['actorName']);
    const filters = await this.filters(
      organizationId,
      rows.map(({ filter }) => filter),
    );
    return named.map((row, at) => {
      const { exportId, format, position, seal, percent, rows: lines, bytes, sha256, problem } = row;
      const { createdAt, finishedAt, expiresAt, actorId, actorKind, actorName } = row;
      const requestedBy = { id: actorId, kind: actorKind, name: actorName } as ExportView['requestedBy'];
      return {
        ...{ exportId, format, filter: filters[at] ?? {}, status: this.statusOf(row), requestedBy, position, seal },
        ...{ percent, rows: lines, bytes, sha256, problem, createdAt, finishedAt, expiresAt },
      };
    });
  }

  /** Filters with the names of persons that they are kept with as tokens. */
  filters(organizationId: string, stored: readonly TrailFilter[]): Promise<TrailFilter[]> {
    return this.personal.reveal(organizationId, stored, ['onBehalfOf']);
  }
}
