import type { Distinction, PrincipalKind, Requirement, ReviewPolicy } from '../../commands/review-policy.js';
import type { Actor } from '../event-store/decider.js';
import type { Review, Vote } from './review-state.decider.js';

/** A vote, and the key that it was cast with. */
export type JudgedVote = Pick<
  Vote,
  'voteId' | 'position' | 'principal' | 'covers' | 'round' | 'castAt' | 'version' | 'outdated' | 'withdrawnAt'
> & { keyId: string };

/** What is judged. `authors` began the revision, `lastEditor` changed its content last. */
export type JudgedReview = Pick<Review, 'round' | 'contributors' | 'concerns'> & {
  votes: readonly JudgedVote[];
  authors: readonly Actor[];
  lastEditor: Actor | null;
  /** When it was submitted last. */
  submittedAt: string | null;
  /** The keys of the spec's sections. */
  sections: readonly string[];
};

export type MemberFacts = { kind: PrincipalKind; groups: readonly string[] };
/** A key, revoked or not. `issuers` are all through whose hands it came: who issued it, who issued theirs, and so on. */
export type KeyFacts = { issuedAt: string; revokedAt: string | null; issuers: readonly string[] };

export type RulesChange = { group: string | null; at: string; by: readonly (readonly string[])[] };

/** What a judgement must know from outside the spec's stream. */
export type ReviewFacts = {
  /** The present members, by id. Without any, each key stands for somebody of its own. */
  members: ReadonlyMap<string, MemberFacts>;
  keys: ReadonlyMap<string, KeyFacts>;
  /**
   * The last changes of policies and rule packs (`group` is null) and of groups: `by` are those who decided it, each with everybody
   * through whose hands their keys came.
   */
  changes?: readonly RulesChange[];
  openBlockingThreads: readonly string[];
  unapprovedDependencies: readonly string[];
  /** What the rules say of the spec; null where the policy does not ask. */
  compliance: ComplianceFacts | null;
};

/** What the policy asks of a compliance report, and what the last one says of the spec as it is. */
export type ComplianceFacts = {
  asked: 'compliant' | 'compliant_or_waived';
  freshness: 'fresh' | 'stale' | 'none';
  verdict: 'compliant' | 'compliant_with_waivers' | 'non_compliant' | null;
  reportId: string | null;
  /** Why the report says nothing of the spec as it is, in words. */
  why: readonly string[];
  /** The first of the rules that block by it, and what would help. */
  rows: readonly BlockingRule[];
};
export type BlockingRule = {
  ruleId: string;
  statement: string;
  outcome: string;
  message: string;
  recommendation: string | null;
};

const reasons = {
  conditions: 'The policy does not count an approval with conditions.',
  earlier_round: 'It was cast before the spec was submitted again.',
  outdated: 'The content changed since.',
  expired: 'It is older than the policy lets a vote be.',
  principal_kind: 'The policy does not count votes of this kind of principal here.',
  unknown_key: 'The key that it was cast with is not known.',
  not_a_member: 'It was cast by nobody who is a member of the organization.',
  author: 'It was cast by an author, or with a key that came from one.',
  contributors: 'It was cast by somebody who wrote on this revision, or with a key that came from them.',
  last_editor: 'It was cast by the last editor, or with a key that came from them.',
  not_eligible: 'The policy asks others here.',
  not_covering: 'It does not cover all that the requirement is about.',
  not_fresh: 'The key was issued too long before the vote.',
  out_of_order: 'It was cast before the requirements that go first were met.',
} as const;
export type NotCountedCode = keyof typeof reasons;
export type NotCounted = { voteId: string; code: NotCountedCode; sentence: string };

export const notCounted = ({ voteId }: JudgedVote, code: NotCountedCode): NotCounted => {
  return { voteId, code, sentence: reasons[code] };
};

/** Whose approvals a requirement, or its part about one section, takes, and what they must cover: null is everything. */
export type Electorate = {
  anyone: boolean;
  groups: readonly string[];
  members: readonly string[];
  covering: readonly string[] | null;
};

export const isElector = ({ anyone, groups, members }: Electorate, id: string, { members: known }: ReviewFacts) =>
  anyone || members.includes(id) || known.get(id)?.groups.some((group) => groups.includes(group)) === true;

/** The people whom a requirement keeps out, by why. */
export function barredBy(review: JudgedReview, distinctFrom: readonly Distinction[]): [Distinction, Set<string>][] {
  const people = {
    author: review.authors,
    contributors: review.contributors,
    last_editor: review.lastEditor ? [review.lastEditor] : [],
  };
  return distinctFrom.map((why) => [why, new Set(people[why].map(({ id }) => id))]);
}

/** The approvals that stand: the last word of each principal, in the order in which they were cast. */
export function approvalsOf({ votes }: JudgedReview): JudgedVote[] {
  const last = new Map<string, JudgedVote>();
  for (const vote of votes.toSorted((one, other) => one.version - other.version)) {
    last.delete(vote.principal.id);
    last.set(vote.principal.id, vote);
  }
  return [...last.values()].filter(
    ({ position, withdrawnAt }) => withdrawnAt === null && /^approve(?:_with_conditions)?$/.test(position),
  );
}

const minute = 60_000;
const day = 24 * 60 * minute;

/** Why a standing approval counts for no requirement of the policy; nothing where it may count for one. */
export function invalidity(
  vote: JudgedVote,
  policy: ReviewPolicy,
  review: JudgedReview,
  facts: ReviewFacts,
  now: Date,
): NotCountedCode | undefined {
  const key = facts.keys.get(vote.keyId);
  const { voteExpiresAfterDays: days } = policy;
  if (vote.position !== 'approve' && !policy.conditionalApprovalsCount) return 'conditions';
  if (vote.round !== review.round) return 'earlier_round';
  if (vote.outdated) return 'outdated';
  if (days !== null && now.getTime() - Date.parse(vote.castAt) > days * day) return 'expired';
  if (!key) return 'unknown_key';
  if (facts.members.size > 0) return facts.members.has(vote.principal.id) ? undefined : 'not_a_member';
  return key.revokedAt === null && vote.principal.id === vote.keyId ? undefined : 'not_a_member';
}

/** Why an approval that is valid does not count for a requirement; nothing where it counts. */
export function disqualification(
  vote: JudgedVote,
  requirement: Requirement,
  electorate: Electorate,
  review: JudgedReview,
  facts: ReviewFacts,
): NotCountedCode | undefined {
  const { principal, keyId, covers, castAt } = vote;
  const key = facts.keys.get(keyId);
  const kinds = [principal.kind, facts.members.get(principal.id)?.kind ?? principal.kind];
  if (!kinds.every((kind) => requirement.principals.some((one) => one === kind))) return 'principal_kind';
  const hands = [principal.id, ...(key?.issuers ?? [])];
  for (const [why, people] of barredBy(review, requirement.distinctFrom)) {
    if (hands.some((id) => people.has(id))) return why;
  }
  if (!isElector(electorate, principal.id, facts)) return 'not_eligible';
  const { covering } = electorate;
  if (covers !== null && !covering?.every((section) => covers.includes(section))) return 'not_covering';
  const { freshWithinMinutes: minutes } = requirement;
  if (minutes !== null && !(Date.parse(castAt) - Date.parse(key?.issuedAt ?? '') <= minutes * minute)) {
    return 'not_fresh';
  }
  return undefined;
}
