import type { Caller } from '../../commands/command.js';
import type { SpecEvent } from './differences.decider.js';
import type { JudgementFacts } from './guards.decider.js';
import { judgementOf } from './guards.decider.js';
import type { Judgement } from './judgement.decider.js';
import type { Spec } from './spec-state.decider.js';
import { evolveSpec } from './spec-state.decider.js';

/** The spec after events that are about to happen: their versions go on from what is known. */
export function foreseen(spec: Spec, events: readonly SpecEvent[], { actor, now, organizationId }: Caller): Spec {
  let version = spec.review.version;
  return events.reduce<Spec>((state, { type, data }) => {
    const context = { organizationId, streamId: '', version: ++version, at: now.toISOString(), actor };
    return evolveSpec[type](state, data as never, context) ?? state;
  }, spec);
}

/** What was decided, and the approval where the policy is met by it: both stand in one append. */
export function withApproval(
  spec: Spec,
  events: readonly SpecEvent[],
  { caller, facts }: { caller: Caller; facts: object },
): SpecEvent[] {
  const after = foreseen(spec, events, caller);
  if (events.length === 0 || after.review.lifecycle !== 'in_review') return [...events];
  const judgement = judgementOf({ spec: after, facts: facts as JudgementFacts, caller });
  return judgement.met ? [...events, approved(after, judgement)] : [...events];
}

/** @param overrideId the override by which it is approved; null where the policy is met */
export function approved(
  { review: { revision }, contentHash }: Spec,
  { policy, voteIds }: Judgement,
  overrideId: string | null = null,
): SpecEvent {
  return {
    type: 'spec.lifecycle.approved',
    data: { revision, contentHash, policy, voteIds: [...voteIds], overrideId },
  };
}
