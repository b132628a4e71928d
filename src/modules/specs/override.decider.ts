import { Refusal } from '../../commands/refusals.js';
import type { overrideCommands, ReviewOverride, UseOverride } from '../../commands/override.commands.js';
import type { specEvents } from '../../events/spec.events.js';
import type { Decider } from '../event-store/decider.js';
import { approved } from './approval.decider.js';
import type { Check } from './checks.decider.js';
import { check, mustPass } from './checks.decider.js';
import { mustExist } from './document.decider.js';
import type { JudgementFacts } from './guards.decider.js';
import { judgementOf } from './guards.decider.js';
import type { Judgement } from './judgement.decider.js';
import type { Spec, SpecState } from './spec-state.decider.js';

type Rules = Decider<SpecState, typeof overrideCommands, typeof specEvents>['decide'];

const hour = 3_600_000;

/** How an approval past its policy is answered for: by somebody who may, and by somebody else afterwards. */
export const overrideRules: Rules = {
  'spec.override.use': (state, command) => {
    const spec = mustExist(state);
    mustPass(useChecks(spec, command));
    const { caller, overrideId, reason, expiresInHours } = command;
    const judgement = judgementOf({ spec, facts: command.facts as JudgementFacts, caller });
    const data = {
      overrideId,
      revision: spec.review.revision,
      contentHash: spec.contentHash,
      policy: judgement.policy,
      unmet: unmet(judgement),
      reason,
      expiresAt: new Date(caller.now.getTime() + expiresInHours * hour).toISOString(),
      authentication: { method: 'api_key' as const, keyId: caller.keyId ?? caller.actor.id },
    };
    return [{ type: 'spec.override.used', data }, approved(spec, judgement, overrideId)];
  },
  'spec.override.review': (state, command) => {
    const spec = mustExist(state);
    mustPass(reviewChecks(spec, command));
    const { overrideId, upheld, conclusion } = command;
    return [{ type: 'spec.override.reviewed', data: { overrideId, upheld, conclusion } }];
  },
};

const unmet = ({ requirements, blocking }: Judgement): string[] => [
  ...requirements.filter(({ met }) => !met).map(({ name, sentence }) => `${name}: ${sentence}`),
  ...blocking.map(({ sentence }) => sentence),
];

/** Every condition of an override, in the order in which they refuse it. */
export function useChecks(spec: Spec, command: UseOverride): Check[] {
  const { lifecycle, authors, contributors, overrides } = spec.review;
  const { policy, review: facts } = command.facts as JudgementFacts;
  const { id } = command.caller.actor;
  const groups = facts.members.get(id)?.groups ?? [];
  const writers = [...authors, ...contributors].map((one) => one.id);
  return [
    check(
      'review_open',
      'review_not_open',
      'The spec is in review.',
      lifecycle === 'in_review' ? undefined : `The spec is ${lifecycle}: only what is in review can be approved.`,
      { lifecycle },
    ),
    check(
      'content_as_read',
      'content_changed',
      'The content is the one that was read.',
      command.contentHash === spec.contentHash ? undefined : 'The content is another one: read it again.',
      { contentHash: spec.contentHash },
    ),
    humanMember(command),
    permitted(
      'may_override',
      `Whoever is in one of these groups may override: ${policy.overrideGroups.join(', ') || 'none'}.`,
      policy.overrideGroups.some((group) => groups.includes(group)),
    ),
    permitted(
      'not_a_writer',
      'Who wrote the revision cannot override its review, nor can a key that came from them.',
      !handsOf(command).some((hand) => writers.includes(hand)),
    ),
    check(
      'earlier_reviewed',
      'guard_failed',
      'Every earlier override was reviewed.',
      overrides.every(({ reviewedAt }) => reviewedAt !== null)
        ? undefined
        : 'An earlier override of this spec waits for its review.',
    ),
  ];
}

/** Every condition of the review of an override, in the order in which they refuse it. */
export function reviewChecks(spec: Spec, command: ReviewOverride): Check[] {
  const override = spec.review.overrides.find(({ overrideId }) => overrideId === command.overrideId);
  if (!override) throw new Refusal('not_found', 'The spec has no such override.');
  const wrong = override.reviewedAt === null ? undefined : 'It was reviewed already.';
  return [
    check('waits_for_review', 'guard_failed', 'It was not reviewed yet.', wrong),
    humanMember(command),
    permitted(
      'not_the_user',
      'Who used an override cannot review it, nor can a key that came from them.',
      !handsOf(command).includes(override.usedBy.id),
    ),
  ];
}

/** Through whose hands the caller's key came, the caller first. */
function handsOf({ caller, facts }: UseOverride | ReviewOverride): string[] {
  const { review } = facts as JudgementFacts;
  return [caller.actor.id, ...(review.keys.get(caller.keyId ?? '')?.issuers ?? [])];
}

function humanMember({ caller: { actor }, facts }: UseOverride | ReviewOverride): Check {
  const member = (facts as JudgementFacts).review.members.get(actor.id);
  return permitted(
    'human_member',
    'It takes a human who is a member of the organization.',
    actor.kind === 'human' && member?.kind === 'human',
  );
}

const permitted = (guard: string, rule: string, isSo: boolean): Check =>
  check(guard, 'not_permitted', rule, isSo ? undefined : rule);
