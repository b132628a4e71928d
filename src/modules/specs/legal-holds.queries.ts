import { Injectable } from '@nestjs/common';
import { complianceStream } from '../../commands/spec-compliance.commands.js';
import { Database } from '../event-store/database.js';
import { tokensOf } from '../event-store/personal-token.js';

/** A hold, and the spec that it is on. */
export type HeldSpec = { specId: string; number: number; holdKey: string };

const held = {
  name: 'holds.specs',
  text: `select distinct spec_id as "specId" from specline.legal_hold where organization_id = $1`,
};
/** What is told of a spec stands in its own stream, in that of its compliance, in comments on it, in waivers for it. */
const naming = {
  name: 'holds.naming',
  text: `select h.spec_id as "specId", s.number, h.hold_key as "holdKey"
    from specline.legal_hold h join specline.spec s using (organization_id, spec_id)
    where h.organization_id = $1 and exists (
      select from specline.event e
      where e.organization_id = $1 and e.stream_id in (
          select h.spec_id
          union all select c.stream_id from unnest($2::uuid[], $3::uuid[]) as c (spec_id, stream_id) where c.spec_id = h.spec_id
          union all select t.thread_id from specline.comment_thread t where t.organization_id = $1 and t.spec_id = h.spec_id
          union all select w.waiver_id from specline.compliance_waiver w where w.organization_id = $1 and w.spec_id = h.spec_id)
        and (strpos(e.metadata::text, $4) > 0 or strpos(e.payload::text, $4) > 0))
    order by s.number, h.hold_key limit 100`,
};

/** The published view of legal holds: for whoever would erase something. */
@Injectable()
export class LegalHolds {
  constructor(private readonly database: Database) {}

  /** The holds on specs in whose history a person acted, or is named. @param subject the person, a UUID */
  async naming(organizationId: string, subject: string): Promise<HeldSpec[]> {
    const specs = await this.database.query<{ specId: string }>(organizationId, held, [organizationId]);
    if (specs.length === 0) return [];
    const ids = specs.map(({ specId }) => specId);
    const values = [organizationId, ids, ids.map(complianceStream), tokensOf(subject)];
    return this.database.query<HeldSpec>(organizationId, naming, values);
  }
}
