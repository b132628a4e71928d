import type { Requirement, ReviewPolicy } from '../../src/commands/review-policy.js';
import { defaultPolicy } from '../../src/commands/review-policy.js';
import type { JudgedReview, JudgedVote, KeyFacts, ReviewFacts } from '../../src/modules/specs/counting.decider.js';

/** Ann wrote the spec; Ben, Cat and Dan are people, Bot is an agent, Job a service. Each has a key of the same name. */
const kinds = { ann: 'human', ben: 'human', cat: 'human', dan: 'human', bot: 'agent', job: 'service' } as const;
export type Somebody = keyof typeof kinds;
export const everybody = Object.keys(kinds) as Somebody[];

export const judgedAt = new Date('2026-11-20T12:00:00.000Z');
export const daysBefore = (days: number): string => new Date(judgedAt.getTime() - days * 86_400_000).toISOString();
export const actor = (id: Somebody) => ({ id, kind: kinds[id], name: id });

export const requirement = (changes: Partial<Requirement> = {}): Requirement => ({
  name: 'approval',
  from: { anyone: true, groups: [], members: [], sectionOwners: false },
  count: 1,
  sections: [],
  principals: ['human'],
  distinctFrom: [],
  freshWithinMinutes: null,
  order: 0,
  ...changes,
});

export const from = (changes: Partial<Requirement['from']>): Requirement['from'] => {
  return { anyone: false, groups: [], members: [], sectionOwners: false, ...changes };
};

export const policyOf = (requirements: Requirement[], changes: Partial<ReviewPolicy> = {}): ReviewPolicy => {
  return { ...defaultPolicy, ...changes, requirements };
};

/** An approval of the whole spec; its version, which orders votes, counts up from 10. */
export const vote = (id: Somebody, version: number, changes: Partial<JudgedVote> = {}): JudgedVote => ({
  voteId: `vote of ${id} ${version}`,
  position: 'approve',
  principal: actor(id),
  keyId: `key of ${id}`,
  covers: null,
  round: 1,
  castAt: daysBefore(1),
  version,
  outdated: null,
  withdrawnAt: null,
  ...changes,
});

export const approvals = (...people: Somebody[]): JudgedVote[] => people.map((id, index) => vote(id, 10 + index));

export const reviewOf = (votes: JudgedVote[], changes: Partial<JudgedReview> = {}): JudgedReview => ({
  round: 1,
  authors: [actor('ann')],
  contributors: [actor('ann')],
  lastEditor: actor('ann'),
  submittedAt: daysBefore(2),
  sections: ['introduction', 'risks', 'security-review'],
  concerns: [],
  votes,
  ...changes,
});

const issued = (changes: Partial<KeyFacts> = {}): KeyFacts => {
  return { issuedAt: daysBefore(30), revokedAt: null, issuers: ['root'], ...changes };
};

/** @param groups who is in which group; `keys` changes what is known of somebody's key */
export const factsOf = (
  groups: Partial<Record<Somebody, string[]>> = {},
  keys: Partial<Record<Somebody, Partial<KeyFacts>>> = {},
  changes: Partial<ReviewFacts> = {},
): ReviewFacts => ({
  members: new Map(everybody.map((id) => [id, { kind: kinds[id], groups: groups[id] ?? [] }])),
  keys: new Map(everybody.map((id) => [`key of ${id}`, issued(keys[id])])),
  openBlockingThreads: [],
  unapprovedDependencies: [],
  compliance: null,
  ...changes,
});
