import { Injectable } from '@nestjs/common';
import type { Caller } from '../../commands/command.js';
import type { StartExport } from '../../commands/export.commands.js';
import { exportBounds } from '../../commands/export.commands.js';
import { Refusal } from '../../commands/refusals.js';
import type { TrailFilter } from '../../commands/trail-filter.commands.js';
import { Database } from '../event-store/database.js';
import { PersonalData } from '../event-store/personal-data.js';
import { subjectOfToken } from '../event-store/personal-token.js';
import { AuditClock } from './audit-clock.js';
import { ExportQueries } from './export.queries.js';
import type { ExportView } from './export.view.js';

/** How work that was asked for is answered: as what it is. */
type Accepted = { receipt: ExportView; tag: null; replayed: boolean };

const day = 86_400_000;

const add = {
  name: 'audit.add-export',
  text: `insert into specline.audit_export (organization_id, export_id, slot, format, filter, request_hash, actor_id, actor_kind,
      actor_name, expires_at)
    select $1, $2, free.slot, $3, $4, $5, $6, $7, $8, $9 from (
      select min(s) as slot from generate_series(1, ${exportBounds.standing}) s where not exists (
        select from specline.audit_export e where e.organization_id = $1 and e.slot = s and e.status in ('waiting', 'running', 'ready'))
      ) free
    where free.slot is not null
    on conflict do nothing returning export_id`,
};
const full = {
  name: 'audit.exports-standing',
  text: `select count(*) >= ${exportBounds.standing} as "isFull" from specline.audit_export
    where organization_id = $1 and slot is not null and status in ('waiting', 'running', 'ready')`,
};
const withdraw = {
  name: 'audit.withdraw-export',
  text: `update specline.audit_export set status = 'withdrawn', finished_at = coalesce(finished_at, clock_timestamp())
    where organization_id = $1 and export_id = $2 and share_id is null and status in ('waiting', 'running', 'ready')`,
};

/** Takes exports on, and takes them back. */
@Injectable()
export class ExportDesk {
  constructor(
    private readonly database: Database,
    private readonly personal: PersonalData,
    private readonly exports: ExportQueries,
    private readonly clock: AuditClock,
  ) {}

  /** @throws Refusal `too_many_exports` where as many stand as may */
  async start(command: StartExport, { organizationId, actor, idempotency }: Caller): Promise<Accepted> {
    const { format, expiresInDays = exportBounds.daysByDefault } = command;
    // The same key is the same export.
    const exportId = idempotency?.commandId ?? command.exportId;
    const hash = idempotency?.requestHash ?? null;
    const filter = JSON.stringify(await this.stored(organizationId, command.filter ?? {}));
    const expiresAt = new Date(this.clock.now().getTime() + expiresInDays * day);
    const values = [organizationId, exportId, format, filter, hash, actor.id, actor.kind, actor.name, expiresAt];
    const isNew = await this.add(organizationId, values, idempotency === undefined ? undefined : exportId);
    const row = await this.exports.stored(organizationId, exportId);
    if (row.requestHash !== hash) {
      throw new Refusal('idempotency_key_reused', 'Use a new key for a new request: this one belongs to another.');
    }
    return { receipt: await this.exports.view(row), tag: null, replayed: !isNew };
  }

  /** What has ended stays as it is. @throws Refusal `not_found` */
  async withdraw(exportId: string, { organizationId }: Caller): Promise<Accepted> {
    await this.exports.one(organizationId, exportId);
    await this.database.query(organizationId, withdraw, [organizationId, exportId]);
    return { receipt: await this.exports.one(organizationId, exportId), tag: null, replayed: false };
  }

  /** @returns false where there is one of that id already */
  private async add(organizationId: string, values: unknown[], repeated: string | undefined): Promise<boolean> {
    // Whoever loses a race for a place tries the next one.
    for (let attempt = 0; attempt <= exportBounds.standing; attempt++) {
      if ((await this.database.query(organizationId, add, values)).length > 0) return true;
      if (repeated !== undefined && (await this.isThere(organizationId, repeated))) return false;
      const [standing] = await this.database.query<{ isFull: boolean }>(organizationId, full, [organizationId]);
      if (standing?.isFull) break;
    }
    const detail = `An organization has at most ${exportBounds.standing} exports; withdraw one first.`;
    throw new Refusal('too_many_exports', detail);
  }

  private async isThere(organizationId: string, exportId: string): Promise<boolean> {
    return this.exports.stored(organizationId, exportId).then(
      () => true,
      (error: unknown) => {
        if (error instanceof Refusal) return false;
        throw error;
      },
    );
  }

  /** A filter as it is kept: the name of a person only as its token. */
  private async stored(organizationId: string, filter: TrailFilter): Promise<TrailFilter> {
    if (filter.onBehalfOf === undefined) return filter;
    const [onBehalfOf = ''] = await this.personal.stored(organizationId, filter.onBehalfOf);
    if (subjectOfToken(onBehalfOf) === undefined)
      throw new Refusal('validation_failed', 'Nobody of this name is known here.');
    return { ...filter, onBehalfOf };
  }
}
