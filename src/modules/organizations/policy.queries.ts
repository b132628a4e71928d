import { Injectable } from '@nestjs/common';
import { Refusal } from '../../commands/refusals.js';
import type { ReviewPolicy } from '../../commands/review-policy.js';
import { defaultPolicy } from '../../commands/review-policy.js';
import { Database } from '../event-store/database.js';
import { PolicyAtQueries } from './policy-at.queries.js';
import type { PolicyList, PolicyVersionList, PolicyVersionView, PolicyView } from './policy.view.js';

const time = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const versionsInPage = 100;

const policies = {
  name: 'organizations.policies',
  text: `select policy_key as "policyKey", version, hash, false as "builtIn", rules, ${time('decided_at')} as "decidedAt",
      decided_by as "decidedBy", ${time('retired_at')} as "retiredAt", proposal
    from specline.review_policy where organization_id = $1 and ($2::text is null or policy_key = $2)
      and (version > 0 or proposal is not null) order by policy_key`,
};
const versions = {
  name: 'organizations.policy-versions',
  text: `select policy_key as "policyKey", version, hash, rules, ${time('decided_at')} as "decidedAt",
      decided_by as "decidedBy", reason
    from specline.review_policy_version where organization_id = $1 and policy_key = $2 and ($3::bigint is null or version <= $3)
    order by version desc limit ${versionsInPage}`,
};

/** Review policies as they are shown. */
@Injectable()
export class PolicyQueries {
  constructor(
    private readonly database: Database,
    private readonly earlier: PolicyAtQueries,
  ) {}

  /** Every policy there is or was, by key, and the built-in one; as they stood at a time where one is asked for. */
  async list(organizationId: string, at?: string): Promise<PolicyList> {
    if (at !== undefined) {
      return { items: [builtIn, ...(await this.earlier.list(organizationId, at))], page: { next: null } };
    }
    const items = await this.database.query<PolicyView>(organizationId, policies, [organizationId, null]);
    return { items: [builtIn, ...items], page: { next: null } };
  }

  /** @throws Refusal `not_found` */
  async one(organizationId: string, policyKey: string, at?: string): Promise<PolicyView> {
    if (policyKey === defaultPolicy.key) return builtIn;
    const found =
      at === undefined
        ? await this.database.query<PolicyView>(organizationId, policies, [organizationId, policyKey])
        : await this.earlier.list(organizationId, at);
    const policy = found.find((one) => one.policyKey === policyKey);
    if (!policy) throw new Refusal('not_found', 'There is no such policy in this organization.');
    return policy;
  }

  /**
   * A policy to try on a spec: the last version that was in force, or what is proposed.
   * @throws Refusal `not_found`
   */
  async toTry(organizationId: string, policyKey: string, proposed: boolean): Promise<ReviewPolicy> {
    if (policyKey === defaultPolicy.key && !proposed) return defaultPolicy;
    const { version, hash, rules, proposal } = await this.one(organizationId, policyKey);
    const tried = proposed ? proposal : { rules, hash };
    if (!tried?.rules) throw new Refusal('not_found', 'The policy has no rules to try: none are in force or proposed.');
    // Who decided it is left out: it is not this spec that it was decided for.
    const next = { key: policyKey, version: version + (proposed ? 1 : 0), hash: tried.hash };
    return { ...tried.rules, ...next, decidedAt: '', decidedBy: [] };
  }

  /** The last 100 versions from one on, newest first. */
  async versions(organizationId: string, policyKey: string, from?: number): Promise<PolicyVersionList> {
    await this.one(organizationId, policyKey);
    const values = [organizationId, policyKey, from ?? null];
    const items = await this.database.query<PolicyVersionView>(organizationId, versions, values);
    return { items, page: { next: null } };
  }
}

const shown = ({ key, version, hash, decidedAt, decidedBy, ...rules }: ReviewPolicy): PolicyView => ({
  policyKey: key,
  version,
  hash,
  builtIn: true,
  rules,
  decidedAt: decidedAt || null,
  decidedBy: [...decidedBy],
  retiredAt: null,
  proposal: null,
});
const builtIn = shown(defaultPolicy);
