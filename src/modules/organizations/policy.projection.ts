import type { PolicyRules } from '../../commands/review-policy.js';
import type { policyEvents } from '../../events/policy.events.js';
import type { Projection } from '../event-store/decider.js';
import { ProjectionTable } from '../event-store/projection-tables.js';
import type { PolicyState, Proposal } from './policy.decider.js';

type PolicyRow = {
  organizationId: string;
  policyKey: string;
  version: number;
  hash: string;
  rules: PolicyRules | null;
  decidedAt: string | null;
  decidedBy: readonly string[];
  retiredAt: string | null;
  proposal: Proposal | null;
  streamVersion: number;
};
type PolicyVersionRow = {
  organizationId: string;
  policyKey: string;
  version: number;
  hash: string;
  rules: PolicyRules;
  decidedAt: string;
  decidedBy: readonly string[];
  reason: string;
};

/** Policies as they stand. */
export const policyTable = new ProjectionTable<PolicyRow>(
  'review_policy',
  {
    organizationId: 'uuid',
    policyKey: 'text',
    version: 'bigint',
    hash: 'text',
    rules: 'jsonb',
    decidedAt: 'timestamptz',
    decidedBy: 'text[]',
    retiredAt: 'timestamptz',
    proposal: 'jsonb',
    streamVersion: 'bigint',
  },
  ['organizationId', 'policyKey'],
);

/** Every version that was ever in force. */
export const policyVersionTable = new ProjectionTable<PolicyVersionRow>(
  'review_policy_version',
  {
    organizationId: 'uuid',
    policyKey: 'text',
    version: 'bigint',
    hash: 'text',
    rules: 'jsonb',
    decidedAt: 'timestamptz',
    decidedBy: 'text[]',
    reason: 'text',
  },
  ['organizationId', 'policyKey', 'version'],
);

export const projectPolicy: Projection<PolicyState, typeof policyEvents> = (
  state,
  { type, data },
  { organizationId, version: streamVersion },
) => {
  if (!state) return [];
  const { key: policyKey, decidedAt, ...rest } = state;
  const present = policyTable.put({
    ...rest,
    organizationId,
    policyKey,
    decidedAt: decidedAt || null,
    streamVersion,
  });
  if (type !== 'review.policy.published') return [present];
  const { version, hash, rules, reason } = data;
  const { decidedBy } = state;
  return [
    present,
    policyVersionTable.put({ organizationId, policyKey, version, hash, rules, decidedAt, decidedBy, reason }),
  ];
};
