import { Injectable } from '@nestjs/common';
import { WorkerDatabase } from '../event-store/worker-database.js';
import { AuditClock } from './audit-clock.js';

/** How many rows one statement removes: a statement is short whatever an export came to. */
const batch = 200;
/** For how long it is still told that an export was there, in days. */
const remembered = 90;

const expire = {
  name: 'exports.expire',
  text: `update specline.audit_export set status = 'expired', finished_at = coalesce(finished_at, clock_timestamp())
    where expires_at <= $1 and status in ('waiting', 'running', 'ready', 'failed')`,
};
/** Of exports that are over in one way or another. */
const drop = (table: 'audit_export_chunk' | 'audit_export_event', key: string) => ({
  name: `exports.drop-${table}`,
  text: `delete from specline.${table} where (organization_id, export_id, ${key}) in (
      select organization_id, export_id, ${key} from specline.${table} join specline.audit_export e using (organization_id, export_id)
      where e.status in ('failed', 'withdrawn', 'expired')${table === 'audit_export_event' ? " or e.status = 'ready'" : ''} limit ${batch})
    returning export_id`,
});
const forget = {
  name: 'exports.forget',
  text: `delete from specline.audit_export e where expires_at <= $1::timestamptz - interval '${remembered} days'
    and not exists (select from specline.audit_export_chunk c where c.organization_id = e.organization_id and c.export_id = e.export_id)`,
};
const clear = (table: 'audit_export_chunk' | 'audit_export_event', key: string) => ({
  name: `exports.clear-${table}`,
  text: `delete from specline.${table} where (organization_id, export_id, ${key}) in (
      select organization_id, export_id, ${key} from specline.${table} where organization_id = $1 and export_id = $2 limit ${batch})
    returning export_id`,
});
const keys = { audit_export_chunk: 'begins_at', audit_export_event: 'stream_id, version' } as const;
const tables = Object.entries(keys) as [keyof typeof keys, string][];

/** Removes what is left of exports that have expired, were taken back, or failed. */
@Injectable()
export class ExportSweep {
  constructor(
    private readonly database: WorkerDatabase,
    private readonly clock: AuditClock,
  ) {}

  async sweep(): Promise<void> {
    const now = this.clock.now();
    await this.database.query(expire, [now]);
    for (const [table, key] of tables) while ((await this.database.query(drop(table, key))).length === batch);
    await this.database.query(forget, [now]);
  }

  /** Removes what there is of one export, so that it is begun again. */
  async clear({ organizationId, exportId }: { organizationId: string; exportId: string }): Promise<void> {
    for (const [table, key] of tables) {
      while ((await this.database.query(clear(table, key), [organizationId, exportId])).length === batch);
    }
  }
}
