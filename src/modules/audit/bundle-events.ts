import { Injectable } from '@nestjs/common';
import { EventSchemas } from '../../events/event-schemas.js';
import { Database } from '../event-store/database.js';
import { eventColumns } from '../event-store/event-store.js';
import type { RecordedEvent } from '../event-store/history.js';
import { inPresentSchema } from '../event-store/history.js';
import { PersonalData } from '../event-store/personal-data.js';
import { WorkerDatabase } from '../event-store/worker-database.js';
import type { ExportJob } from './export-job.js';
import type { TrailRow } from './trail-statement.js';

/** A spec that a bundle is about, and its last version in what the bundle covers. */
export type BundleSpec = { specId: string; version: number };

const atOnce = 200;

const choose = {
  name: 'exports.choose',
  text: `insert into specline.audit_export_event (organization_id, export_id, stream_id, version, seq, spec_id)
    select $1, $2, x."streamId", x.version, x.seq, x."specId"
    from jsonb_to_recordset($3) as x ("streamId" uuid, version bigint, seq bigint, "specId" uuid) on conflict do nothing`,
};
const specs = {
  name: 'audit.bundle-specs',
  text: `select k.spec_id as "specId", (
        select max(e.version) from specline.event e where e.organization_id = $1 and e.stream_id = k.spec_id
          and e.seq <= $4 and ($5::timestamptz is null or e.recorded_at < $5)) as "version"
    from (select distinct spec_id from specline.audit_export_event
        where organization_id = $1 and export_id = $2 and spec_id > $3 order by spec_id limit ${atOnce}) k
      join specline.stream s on s.organization_id = $1 and s.stream_id = k.spec_id and s.stream_type = 'spec'
    order by k.spec_id`,
};
const approvals = {
  name: 'audit.bundle-approvals',
  text: `select (payload ->> 'revision')::int as "revision", version from specline.event
    where organization_id = $1 and stream_id = $2 and type like 'spec.lifecycle.%' and type = 'spec.lifecycle.approved'
      and version <= $3 order by version`,
};
const events = {
  name: 'audit.bundle-events',
  text: `select e.* from (
      select stream_id, version, seq from specline.audit_export_event
      where organization_id = $1 and export_id = $2 and spec_id is not distinct from $3 and seq > $4 order by seq limit ${atOnce}) k
    cross join lateral (select ${eventColumns} from specline.event
      where organization_id = $1 and stream_id = k.stream_id and version = k.version) e
    order by k.seq`,
};

/** The events that go into a bundle: chosen once, as the trail is read, and read again for each of its files. */
@Injectable()
export class BundleEvents {
  constructor(
    private readonly workers: WorkerDatabase,
    private readonly database: Database,
    private readonly schemas: EventSchemas,
    private readonly personal: PersonalData,
  ) {}

  /** Notes the events among some lines of the trail. */
  async choose({ organizationId, exportId }: ExportJob, rows: readonly TrailRow[]): Promise<void> {
    const chosen = rows.filter(({ seq, streamId }) => seq !== null && streamId !== null);
    if (chosen.length > 0) await this.workers.query(choose, [organizationId, exportId, JSON.stringify(chosen)]);
  }

  /** The specs that the chosen events are about, in the order of their ids. */
  async *specs({ organizationId, exportId, seq, filter }: ExportJob): AsyncGenerator<BundleSpec> {
    for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
      const values = [organizationId, exportId, after, seq, filter.to ?? null];
      const found = await this.database.query<BundleSpec & { version: number | null }>(organizationId, specs, values);
      const last = found.at(-1);
      if (!last) return;
      yield* found.filter(({ version }) => version !== null);
      after = last.specId;
    }
  }

  /** Which revisions of a spec were approved up to a version, and at which. */
  approvals(organizationId: string, { specId, version }: BundleSpec): Promise<{ revision: number; version: number }[]> {
    return this.database.query(organizationId, approvals, [organizationId, specId, version]);
  }

  /** The chosen events about a spec, or about none, in the order of history, as they are shown. */
  async *about({ organizationId, exportId }: ExportJob, specId: string | null): AsyncGenerator<RecordedEvent> {
    for (let after = 0; ;) {
      const values = [organizationId, exportId, specId, after];
      const stored = await this.database.query<RecordedEvent>(organizationId, events, values);
      const last = stored.at(-1);
      if (!last) return;
      const present = stored.map((event) => inPresentSchema(event, this.schemas));
      yield* await this.personal.revealEvents(organizationId, present);
      after = last.seq;
    }
  }
}
