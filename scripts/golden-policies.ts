import type { PolicyRules } from '../src/commands/review-policy.js';
import type { policyEvents } from '../src/events/policy.events.js';
import type { SamplesOf } from './golden-values.js';
import { keyId, memberId, sha256 } from './golden-values.js';

const rules: PolicyRules = {
  title: 'Security reviews what is risky',
  applies: { templates: ['spec'], labels: ['payments'], sections: ['security-*'], minimumSeverity: 'High' },
  priority: 10,
  requirements: [
    {
      name: 'security',
      from: { anyone: false, groups: ['security'], members: [memberId], sectionOwners: true },
      count: 2,
      sections: ['security-*'],
      principals: ['human'],
      distinctFrom: ['author', 'contributors'],
      freshWithinMinutes: 60,
      order: 1,
    },
  ],
  sectionOwners: [{ pattern: 'security-*', groups: ['security'], members: [memberId] }],
  keepsVotes: ['formatting_only'],
  voteExpiresAfterDays: 90,
  dueAfterDays: 5,
  conditionalApprovalsCount: false,
  blockOnOpenThreads: true,
  dependenciesApproved: true,
  complianceVerdict: 'compliant_or_waived',
  requireReasonFor: ['submit'],
  changesNeedSecondAdmin: true,
  overrideGroups: ['on-call'],
};
const policyChange = { policyKey: 'security', reason: 'The audit asked for it.' };
const policyHash = sha256('the policy');

export const policySamples: SamplesOf<typeof policyEvents> = {
  'review.policy.proposed': {
    after: [],
    payload: { ...policyChange, rules, hash: policyHash },
  },
  'review.policy.published': {
    after: ['review.policy.proposed'],
    payload: { ...policyChange, version: 1, hash: policyHash, rules, proposedBy: memberId, confirmedBy: keyId },
  },
  'review.policy.discarded': { after: ['review.policy.proposed'], payload: policyChange },
  'review.policy.retired': {
    after: ['review.policy.published'],
    payload: { ...policyChange, proposedBy: memberId, confirmedBy: null },
  },
};
