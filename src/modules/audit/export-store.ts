import { Injectable } from '@nestjs/common';
import { WorkerDatabase } from '../event-store/worker-database.js';
import type { ExportRow } from './export.queries.js';
import { exportColumns } from './export.queries.js';
import type { TrailEdge } from './trail.queries.js';

/** What an export can hold: events up to a position in history, and what left no event until it was asked for. */
export type ExportPosition = { seal: number; position: number; seq: number; takenAt: string };

/** Where whoever goes on with an export begins: behind what is written down. */
export type ExportMark = { edge: TrailEdge; begunAt: string };

/** An export that this process works on. */
export type ClaimedExport = ExportRow & {
  owner: string;
  seq: number | null;
  takenAt: string | null;
  mark: ExportMark | null;
  tries: number;
};

/** How far an export is. */
export type ExportProgress = { rows: number; percent: number };

/** Another process works on it by now, or nobody wants it any more. */
export class LostExport extends Error {}

/** How long a process that says nothing is believed to work, in seconds of the database's clock. */
const until = `clock_timestamp() + interval '15 seconds'`;
const mine = `organization_id = $1 and export_id = $2 and owner = $3 and status = 'running'`;
const time = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** One of an organization at a time, so that none of them waits for all that another one asks for. */
const claim = {
  name: 'exports.claim',
  text: `update specline.audit_export set owner = $1, status = 'running', tries = tries + 1, lease_until = ${until},
      started_at = coalesce(started_at, clock_timestamp())
    where (organization_id, export_id) = (
      select e.organization_id, e.export_id from specline.audit_export e
      where e.status in ('waiting', 'running') and (e.lease_until is null or e.lease_until < clock_timestamp())
        and not exists (select from specline.audit_export o where o.organization_id = e.organization_id
          and o.status = 'running' and o.lease_until >= clock_timestamp())
      order by e.created_at limit 1 for update skip locked)
    returning ${exportColumns}, owner, seq, ${time('taken_at')} as "takenAt", mark, tries`,
};
const take = {
  name: 'exports.take',
  text: `update specline.audit_export set seal = $4, position = $5, seq = $6, taken_at = clock_timestamp() where ${mine}
    returning ${time('taken_at')} as "takenAt"`,
};
const renew = {
  name: 'exports.renew',
  text: `update specline.audit_export set rows = $4, percent = $5, lease_until = ${until} where ${mine} returning export_id`,
};
const write = {
  name: 'exports.write',
  text: `with held as (
      update specline.audit_export set rows = $4, percent = $5, bytes = $6::bigint + length($7::bytea), mark = $8,
        lease_until = ${until}
      where ${mine} returning organization_id, export_id)
    insert into specline.audit_export_chunk (organization_id, export_id, begins_at, content)
    select organization_id, export_id, $6, $7 from held returning begins_at`,
};
const finish = {
  name: 'exports.finish',
  text: `update specline.audit_export set status = $4, rows = $5, percent = $6, sha256 = $7, problem = $8, mark = null,
      finished_at = clock_timestamp(), lease_until = null where ${mine} returning export_id`,
};
const release = {
  name: 'exports.release',
  text: `update specline.audit_export set tries = tries - $4, lease_until = clock_timestamp() + make_interval(secs => $5)
    where ${mine} returning export_id`,
};
const chunks = {
  name: 'exports.chunks',
  text: `select begins_at as "beginsAt", content from specline.audit_export_chunk
    where organization_id = $1 and export_id = $2 and begins_at > $3 order by begins_at limit 1`,
};

/** Exports as they are worked off: by one process at a time, which has a lease. What is written is committed with how far it is. */
@Injectable()
export class ExportStore {
  constructor(private readonly database: WorkerDatabase) {}

  /** Takes the oldest export that nobody works on. @param owner a UUID of whoever takes it */
  async claim(owner: string): Promise<ClaimedExport | undefined> {
    return (await this.database.query<ClaimedExport>(claim, [owner]))[0];
  }

  /** Settles what the export can hold: once, whoever goes on with it. */
  async take(claimed: ClaimedExport, at: Omit<ExportPosition, 'takenAt'>): Promise<ExportPosition> {
    const { takenAt } = await this.held<{ takenAt: string }>(take, claimed, [at.seal, at.position, at.seq]);
    return { ...at, takenAt };
  }

  /** Says that the owner still works. @throws LostExport */
  async renew(claimed: ClaimedExport, { rows, percent }: ExportProgress): Promise<void> {
    await this.held(renew, claimed, [rows, percent]);
  }

  /**
   * Adds bytes, and how far they lead, in one step.
   * @param begins how many bytes there are before
   * @throws LostExport
   */
  async write(
    claimed: ClaimedExport,
    begins: number,
    content: Buffer,
    { rows, percent, mark }: ExportProgress & { mark: ExportMark | null },
  ): Promise<void> {
    await this.held(write, claimed, [rows, percent, begins, content, mark && JSON.stringify(mark)]);
  }

  async finish(
    claimed: ClaimedExport,
    { rows, sha256 = null, problem = null }: { rows: number; sha256?: string | null; problem?: string | null },
  ): Promise<void> {
    const [status, percent] = sha256 === null ? ['failed', 0] : ['ready', 100];
    await this.held(finish, claimed, [status, rows, percent, sha256, problem]);
  }

  /**
   * Leaves it to whoever takes it next, in some seconds.
   * @param wasTried whether that counts: one that fails again and again is given up
   */
  async release(claimed: ClaimedExport, wasTried: boolean, seconds: number): Promise<void> {
    await this.held(release, claimed, [wasTried ? 0 : 1, seconds]);
  }

  /** All that is written down so far, in order. */
  async *written({ organizationId, exportId }: ClaimedExport): AsyncGenerator<Buffer> {
    for (let after = -1; ;) {
      const values = [organizationId, exportId, after];
      const [found] = await this.database.query<{ beginsAt: number; content: Buffer }>(chunks, values);
      if (!found) return;
      yield found.content;
      after = found.beginsAt;
    }
  }

  private async held<R extends object>(
    statement: { name: string; text: string },
    { organizationId, exportId, owner }: ClaimedExport,
    values: readonly unknown[],
  ): Promise<R> {
    const [row] = await this.database.query<R>(statement, [organizationId, exportId, owner, ...values]);
    if (!row) throw new LostExport(`the export ${exportId} is no longer one of this process`);
    return row;
  }
}
