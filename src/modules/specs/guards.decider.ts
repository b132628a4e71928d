import type { Caller } from '../../commands/command.js';
import type { ImplementationEvidence, Lifecycle } from '../../commands/lifecycle.commands.js';
import { mayActAs } from '../../commands/organization.commands.js';
import type { ReviewPolicy } from '../../commands/review-policy.js';
import type { Check } from './checks.decider.js';
import { check } from './checks.decider.js';
import type { ReviewFacts } from './counting.decider.js';
import type { Judgement } from './judgement.decider.js';
import { judge } from './judgement.decider.js';
import { judged } from './judged.decider.js';
import { overrideStanding } from './override-standing.decider.js';
import type { PlanFacts } from './progress.decider.js';
import { unshown } from './progress.decider.js';
import type { Spec } from './spec-state.decider.js';
import type { GuardName, Transition } from './transitions.decider.js';
import { isInForce } from './transitions.decider.js';

/** What reviews are decided on beyond the spec: the policy that judges it, and what a judgement must know. */
export type JudgementFacts = { policy: ReviewPolicy; review: ReviewFacts };

/** What the guards of a transition know from outside the spec's stream; each only where a guard asks for it. */
export type TransitionFacts = JudgementFacts &
  PlanFacts & {
    /** The sections that the template requires, with the hash of the text that it puts there. */
    required?: readonly { key: string; heading: string; guidanceHash: string }[];
    /** Keys of sections without any text. */
    blank?: ReadonlySet<string>;
    /** The spec that is to take the place; null where there is none of that id. */
    successor?: { lifecycle: Lifecycle; supersedes: readonly string[] } | null;
    /** Specs that depend on this one and are not over themselves. */
    dependents?: readonly { specId: string; number: number }[];
  };

/** The part of a spec that guards look at. */
export type Guarded = Pick<Spec, 'review' | 'contentHash'> & {
  sections: readonly Pick<Spec['sections'][number], 'key' | 'contentHash' | 'notApplicable'>[];
};

/** A transition that somebody asks for, with what came along. */
export type Attempt = {
  transition: Transition;
  spec: Guarded;
  specId: string;
  caller: Pick<Caller, 'actor' | 'role' | 'now'>;
  reason?: string;
  evidence?: readonly ImplementationEvidence[];
  facts: TransitionFacts;
};

/** Whether the policy is met by what stands. */
export const judgementOf = ({ spec, facts, caller }: Pick<Attempt, 'spec' | 'facts' | 'caller'>): Judgement =>
  judge(facts.policy, judged(spec), facts.review, caller.now);

/** Every condition of a transition, in the order in which they refuse it. */
export function checksOf(attempt: Attempt): Check[] {
  const { transition } = attempt;
  const who = transition.access === 'system' ? [askedBySystem(attempt)] : [role(attempt), noAgent(attempt)];
  return [
    ...who,
    standsThere(attempt),
    reasonGiven(attempt),
    ...transition.guards.map((name) => guards[name](attempt)),
  ];
}

const askedBySystem = ({ caller }: Attempt): Check => {
  const wrong = 'Nobody approves by command: a spec is approved by the vote that meets its policy.';
  return check(
    'asked_by_system',
    'not_permitted',
    'The system asks for it.',
    caller.actor.kind === 'system' ? undefined : wrong,
  );
};

const role = ({ transition: { access, name }, caller }: Attempt): Check => {
  const allowed =
    caller.actor.kind === 'system' ||
    (access !== 'system' && caller.role !== undefined && mayActAs(caller.role, access));
  return check(
    'role',
    'not_permitted',
    `The key has the role ${access}.`,
    allowed ? undefined : `To ${name} a spec takes a key with the role ${access}.`,
  );
};

const noAgent = ({ transition: { access, name }, caller }: Attempt): Check => {
  const isRefused = access === 'admin' && caller.actor.kind === 'agent';
  return check(
    'not_an_agent',
    'not_permitted',
    'An agent may do it, or it is none.',
    isRefused ? `An agent cannot ${name} a spec, whatever the role of its key.` : undefined,
  );
};

const standsThere = ({ transition: { name, from }, spec: { review } }: Attempt): Check => {
  const places = from.join(', ');
  const wrong = `The spec is ${review.lifecycle}; ${name} leads from ${places}.`;
  return check(
    'stands_there',
    'transition_not_allowed',
    `The spec is one of: ${places}.`,
    from.includes(review.lifecycle) ? undefined : wrong,
    { lifecycle: review.lifecycle, from },
  );
};

const reasonGiven = ({ transition, reason, facts: { policy } }: Attempt): Check => {
  const asked = transition.reason === true || (policy.requireReasonFor as readonly string[]).includes(transition.name);
  return check(
    'reason_given',
    'guard_failed',
    asked ? 'A reason is given.' : 'No reason is asked for.',
    asked && reason === undefined ? `The policy "${policy.key}" asks for a reason to ${transition.name}.` : undefined,
  );
};

const guards: Record<GuardName, (attempt: Attempt) => Check> = {
  required_sections_present: ({ spec, facts: { required = [] } }) => {
    const missing = required.filter(({ key }) => !spec.sections.some((section) => section.key === key));
    return failing(
      'required_sections_present',
      'Every section that the template requires is there.',
      'The template requires these sections',
      missing,
    );
  },
  required_sections_filled: ({ spec, facts: { required = [], blank = new Set() } }) => {
    const empty = required.filter(({ key, guidanceHash }) => {
      const section = spec.sections.find((one) => one.key === key);
      return section?.notApplicable === null && (section.contentHash === guidanceHash || blank.has(key));
    });
    return failing(
      'required_sections_filled',
      'Every required section says something, or why it does not apply.',
      'These sections say nothing yet, nor why they do not apply',
      empty,
    );
  },
  policy_met: (attempt) => {
    const judgement = judgementOf(attempt);
    return check(
      'policy_met',
      'guard_failed',
      'The policy is met.',
      judgement.met ? undefined : `The policy "${judgement.policy.key}" is not met yet.`,
      { judgement },
    );
  },
  not_an_amendment: ({ spec: { review }, transition: { name } }) =>
    check(
      'not_an_amendment',
      'guard_failed',
      'No amendment is open.',
      review.inForce
        ? `An amendment cannot be put aside (${name}): withdraw it, and the revision in force stays.`
        : undefined,
    ),
  successor_links_back: ({ facts: { successor }, specId }) =>
    check(
      'successor_links_back',
      'guard_failed',
      'The successor says that it supersedes this spec.',
      successor?.supersedes.includes(specId)
        ? undefined
        : 'The successor must be a spec that has the relation "supersedes" to this one.',
    ),
  successor_approved: ({ facts: { successor } }) =>
    check(
      'successor_approved',
      'guard_failed',
      'The successor is in force.',
      successor && isInForce(successor.lifecycle) ? undefined : 'The successor must be approved and in force.',
    ),
  override_stands: ({ spec: { review }, caller: { now } }) => {
    const override = review.overrides.find(({ overrideId }) => overrideId === review.inForce?.overrideId);
    const standing = override && overrideStanding(override, now);
    return check(
      'override_stands',
      'guard_failed',
      'It was approved by its policy, or by an override that stands.',
      standing === 'expired' || standing === 'not_upheld'
        ? `It was approved by an override that ${standing === 'expired' ? 'nobody reviewed in time' : 'was not upheld'}.`
        : undefined,
      override && { overrideId: override.overrideId },
    );
  },
  phases_shown: ({ spec, evidence, facts: { phases = [] } }) => {
    const missing = unshown(spec, phases, evidence);
    const named = missing.slice(0, 10).map(({ key, title }) => `${title} (${key})`);
    return check(
      'phases_shown',
      'guard_failed',
      'Of every phase of the plan it can be seen that it is done.',
      missing.length === 0 ? undefined : `Nothing shows that these phases are done: ${named.join(', ')}.`,
      { phases: missing.map(({ key }) => key) },
    );
  },
  no_dependents: ({ facts: { dependents = [] } }) => {
    const named = dependents.slice(0, 10).map(({ number }) => `SPEC-${number}`);
    return check(
      'no_dependents',
      'guard_failed',
      'No spec depends on it.',
      dependents.length === 0 ? undefined : `Specs depend on it: ${named.join(', ')}.`,
      { dependents },
    );
  },
};

function failing(
  name: GuardName,
  rule: string,
  wrong: string,
  sections: readonly { key: string; heading: string }[],
): Check {
  const headings = sections.slice(0, 10).map(({ heading }) => heading);
  const details = { sections: sections.map(({ key }) => key) };
  return check(
    name,
    'guard_failed',
    rule,
    sections.length === 0 ? undefined : `${wrong}: ${headings.join(', ')}.`,
    details,
  );
}
