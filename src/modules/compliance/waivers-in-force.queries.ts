import { Injectable } from '@nestjs/common';
import { Database } from '../event-store/database.js';

/** A waiver that is worth something: approved, neither withdrawn nor run out. */
export type WaiverInForce = {
  waiverId: string;
  ruleId: string;
  specId: string | null;
  owner: string;
  compensatingControl: string;
  expiresAt: string;
  approvedBy: string;
};

const columns = `waiver_id as "waiverId", rule_id as "ruleId", spec_id as "specId", owner,
  compensating_control as "compensatingControl",
  to_char(expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "expiresAt", approver_id as "approvedBy"`;
const inForce = {
  name: 'compliance.waivers-in-force',
  text: `select ${columns} from specline.compliance_waiver
    where organization_id = $1 and ($2::uuid is null or spec_id = $2 or spec_id is null) and expires_at > $3
      and approved_at is not null and withdrawn_at is null order by waiver_id`,
};
const inForceAt = {
  name: 'compliance.waivers-in-force-at',
  text: `select ${columns} from specline.compliance_waiver
    where organization_id = $1 and (spec_id = $2 or spec_id is null) and expires_at > $3
      and approved_at <= $3 and (withdrawn_at is null or withdrawn_at > $3) order by waiver_id`,
};

/** The exceptions that count for a spec, for those who judge it. */
@Injectable()
export class WaiversInForce {
  constructor(private readonly database: Database) {}

  /** Those of all specs, whoever approved them. */
  all(organizationId: string, now: Date): Promise<WaiverInForce[]> {
    return this.database.query<WaiverInForce>(organizationId, inForce, [organizationId, null, now]);
  }

  /**
   * @param now waivers end by the clock
   * @param writers nobody approves an exception for what they wrote, whenever that was
   */
  async of(organizationId: string, specId: string, now: Date, writers: readonly string[]): Promise<WaiverInForce[]> {
    const values = [organizationId, specId, now];
    const found = await this.database.query<WaiverInForce>(organizationId, inForce, values);
    return found.filter(({ approvedBy }) => !writers.includes(approvedBy));
  }

  /** Those that counted at a time, however they ended since. @param writers of the spec as it was then */
  async at(organizationId: string, specId: string, at: string, writers: readonly string[]): Promise<WaiverInForce[]> {
    const found = await this.database.query<WaiverInForce>(organizationId, inForceAt, [organizationId, specId, at]);
    return found.filter(({ approvedBy }) => !writers.includes(approvedBy));
  }
}
