import type { Actor } from '../event-store/decider.js';
import type { JudgedVote } from './counting.decider.js';
import type { Guarded, JudgementFacts } from './guards.decider.js';
import { judged } from './judged.decider.js';
import type { Judgement } from './judgement.decider.js';
import { judge } from './judgement.decider.js';

/** Who might vote, and with which key. */
export type Voter = { actor: Actor; keyId: string };

/** What of a spec waits for somebody: since when, and the vote or concern that it is about. */
export type Waiting = { kind: 'vote' | 'outdated_vote' | 'concern'; id: string | null; since: string };

/** What a spec in review waits for from somebody. */
export function waitingFor(spec: Guarded, facts: JudgementFacts, voter: Voter, now: Date): Waiting[] {
  const { lifecycle, round, submittedAt, votes } = spec.review;
  if (lifecycle !== 'in_review' || submittedAt === null) return [];
  const own = votes.find((vote) => vote.principal.id === voter.actor.id && vote.withdrawnAt === null);
  if (own?.outdated && own.round === round) {
    return [{ kind: 'outdated_vote', id: own.voteId, since: own.outdated.at }, ...concernsOf(spec, voter)];
  }
  const awaited = isAwaited(spec, facts, voter, now);
  return [...(awaited ? [{ kind: 'vote', id: null, since: submittedAt } as const] : []), ...concernsOf(spec, voter)];
}

/** The open concerns of somebody: nobody else can resolve them. */
export const concernsOf = ({ review }: Guarded, { actor }: Voter): Waiting[] =>
  review.concerns
    .filter(({ raisedBy, resolvedAt }) => raisedBy.id === actor.id && resolvedAt === null)
    .map(({ concernId, raisedAt }) => ({ kind: 'concern', id: concernId, since: raisedAt }));

/** Whether an approval by somebody would bring the policy nearer: it is asked as if it had been cast. */
export function isAwaited(spec: Guarded, { policy, review }: JudgementFacts, voter: Voter, now: Date): boolean {
  const before = judged(spec);
  const vote: JudgedVote = {
    voteId: 'awaited',
    position: 'approve',
    principal: voter.actor,
    keyId: voter.keyId,
    covers: null,
    round: before.round,
    castAt: now.toISOString(),
    version: Number.MAX_SAFE_INTEGER,
    outdated: null,
    withdrawnAt: null,
  };
  const others = before.votes.filter(({ principal }) => principal.id !== voter.actor.id);
  const after = judge(policy, { ...before, votes: [...others, vote] }, review, now);
  return supplied(after) > supplied(judge(policy, before, review, now));
}

const supplied = ({ requirements }: Judgement): number =>
  requirements.reduce((sum, { have, sections }) => sections.reduce((all, one) => all + one.have, sum + have), 0);

/** When a spec in review should be decided on; null where its policy does not say. */
export function dueAt({ review: { submittedAt } }: Guarded, { policy }: JudgementFacts): string | null {
  if (policy.dueAfterDays === null || submittedAt === null) return null;
  return new Date(Date.parse(submittedAt) + policy.dueAfterDays * 86_400_000).toISOString();
}
