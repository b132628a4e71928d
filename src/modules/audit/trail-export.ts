import { Injectable } from '@nestjs/common';
import { csvLine } from './csv.js';
import type { ExportJob, ExportPiece } from './export-job.js';
import type { ExportMark } from './export-store.js';
import { ExportQueries } from './export.queries.js';
import type { TrailStretch } from './trail.queries.js';
import { TrailQueries } from './trail.queries.js';
import type { TrailRow } from './trail-statement.js';
import type { TrailEntryView } from './trail.view.js';

/** Lines that are read at once. */
const linesAtOnce = 500;
/** Milliseconds that the clock of whoever wrote an event may be ahead of the database's. */
const skew = 300_000;

/** A stretch of the lines that an export can hold, and how far it leads. */
export type ExportStretch = Pick<TrailStretch, 'rows' | 'items'> & { percent: number; mark?: ExportMark };

/** The lines of the trail that an export holds, and how they are written down. */
@Injectable()
export class TrailExport {
  constructor(
    private readonly trail: TrailQueries,
    private readonly exports: ExportQueries,
  ) {}

  /** As NDJSON or CSV; each piece ends with a line, so whoever goes on begins with the next one. */
  async *pieces(job: ExportJob, mark: ExportMark | null): AsyncGenerator<ExportPiece> {
    const { format } = job;
    let rows = mark === null ? 0 : job.rows;
    if (format === 'csv' && mark === null) yield { bytes: Buffer.from(csvLine(columnNames)), rows, percent: 0 };
    for await (const { items, percent, mark: next } of this.stretches(job, mark)) {
      rows += items.length;
      const text = items.map(format === 'csv' ? csvRow : jsonRow).join('');
      yield { bytes: Buffer.from(text), rows, percent, ...(next && { mark: next }) };
    }
  }

  /** What is in it, the oldest first: nothing that was written after its position, whenever it is read. */
  async *stretches(job: ExportJob, mark: ExportMark | null = null): AsyncGenerator<ExportStretch> {
    const { organizationId, takenAt } = job;
    const [filter = {}] = await this.exports.filters(organizationId, [job.filter]);
    const end = new Date(Date.parse(takenAt) + skew).toISOString();
    const wanted = { ...filter, to: filter.to !== undefined && filter.to < end ? filter.to : end };
    let edge = mark?.edge ?? null;
    let begunAt = mark?.begunAt ?? filter.from;
    for (;;) {
      const { rows, items, next } = await this.trail.stretch(organizationId, wanted, edge, linesAtOnce);
      begunAt ??= rows[0]?.recordedAt ?? takenAt;
      const isIn = rows.map((row) => canHold(job, row));
      const percent = next === null ? 100 : shareOf(begunAt, next[0], filter.to ?? takenAt);
      yield {
        rows: rows.filter((_, at) => isIn[at]),
        items: items.filter((_, at) => isIn[at]),
        percent,
        ...(next && { mark: { edge: next, begunAt } }),
      };
      if (next === null) return;
      edge = next;
    }
  }
}

/** Events by their place in history; what left none by when it was, which is written down within a second. */
const canHold = ({ seq, createdAt }: ExportJob, row: TrailRow): boolean =>
  row.seq === null ? row.recordedAt <= createdAt : row.seq <= seq;

/** How much of a stretch of time is behind a moment, in per cent; less than all of it. */
function shareOf(from: string, at: string, to: string): number {
  const [begin, now, end] = [Date.parse(from), Date.parse(at), Date.parse(to)];
  return end <= begin ? 0 : Math.min(99, Math.max(0, Math.floor((100 * (now - begin)) / (end - begin))));
}

export const jsonRow = (entry: TrailEntryView): string => `${JSON.stringify(entry)}\n`;

type Cell = string | number | null | undefined;
const columns: Record<string, (entry: TrailEntryView) => Cell> = {
  recordedAt: (entry) => entry.recordedAt,
  kind: (entry) => entry.kind,
  type: (entry) => entry.type,
  entryId: (entry) => entry.entryId,
  seq: (entry) => entry.seq,
  specId: (entry) => entry.specId,
  version: (entry) => entry.version,
  section: (entry) => entry.section,
  command: (entry) => entry.command,
  transition: (entry) => entry.transition,
  actorId: ({ actor }) => actor.id,
  actorKind: ({ actor }) => actor.kind,
  actorName: ({ actor }) => actor.name,
  onBehalfOf: (entry) => entry.onBehalfOf,
  correlationId: (entry) => entry.correlationId,
  code: (entry) => entry.code,
  reason: (entry) => entry.reason,
  decision: ({ decision }) => decision && JSON.stringify(decision),
  hashBefore: (entry) => entry.hashBefore,
  hashAfter: (entry) => entry.hashAfter,
  method: ({ request }) => request?.method,
  path: ({ request }) => request?.path,
  status: ({ request }) => request?.status,
  keyId: ({ request }) => request?.keyId,
  address: ({ request }) => request?.address,
  userAgent: ({ request }) => request?.userAgent,
};
const columnNames = Object.keys(columns);

const csvRow = (entry: TrailEntryView): string => csvLine(Object.values(columns).map((cell) => cell(entry)));
