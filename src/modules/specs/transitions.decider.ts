import type { Lifecycle } from '../../commands/lifecycle.commands.js';
import type { lifecycleEvents } from '../../events/lifecycle.events.js';

/** A condition of a transition, by the name that refusals and traces call it (guards.decider.ts). */
export type GuardName =
  | 'required_sections_present'
  | 'required_sections_filled'
  | 'policy_met'
  | 'not_an_amendment'
  | 'successor_links_back'
  | 'successor_approved'
  | 'no_dependents'
  | 'override_stands'
  | 'phases_shown';

/** A way from one state of the lifecycle to another: all there are, and all that can be asked of each. */
export type Transition = {
  name: TransitionName;
  from: readonly Lifecycle[];
  to: Lifecycle;
  /** An amendment does not go to `to`, but back to where the revision in force stood. */
  amendmentGoesBack?: true;
  event: keyof typeof lifecycleEvents;
  guards: readonly GuardName[];
  /** The role that may ask for it; `system` where nobody may. */
  access: 'writer' | 'admin' | 'system';
  /** Whether it takes a reason. */
  reason?: true;
};

export type TransitionName =
  | 'submit'
  | 'return'
  | 'approve'
  | 'reject'
  | 'defer'
  | 'withdraw'
  | 'reopen'
  | 'amend'
  | 'start'
  | 'complete'
  | 'supersede'
  | 'deprecate'
  | 'archive';

const inForce = ['approved', 'in_implementation', 'implemented'] as const;

/** What was approved, and is neither replaced nor taken back. */
export const isInForce = (lifecycle: Lifecycle): boolean => (inForce as readonly Lifecycle[]).includes(lifecycle);

/** The lifecycle, whole: rules, `GET .../transitions` and tests read this one table. */
export const transitions: readonly Transition[] = [
  {
    name: 'submit',
    from: ['draft'],
    to: 'in_review',
    event: 'spec.lifecycle.submitted',
    guards: ['required_sections_present', 'required_sections_filled'],
    access: 'writer',
  },
  {
    name: 'return',
    from: ['in_review'],
    to: 'draft',
    event: 'spec.lifecycle.returned',
    guards: [],
    access: 'writer',
    reason: true,
  },
  {
    name: 'approve',
    from: ['in_review'],
    to: 'approved',
    event: 'spec.lifecycle.approved',
    guards: ['policy_met'],
    access: 'system',
  },
  {
    name: 'reject',
    from: ['in_review'],
    to: 'rejected',
    amendmentGoesBack: true,
    event: 'spec.lifecycle.rejected',
    guards: [],
    access: 'admin',
    reason: true,
  },
  {
    name: 'defer',
    from: ['draft', 'in_review'],
    to: 'deferred',
    event: 'spec.lifecycle.deferred',
    guards: ['not_an_amendment'],
    access: 'writer',
    reason: true,
  },
  {
    name: 'withdraw',
    from: ['draft', 'in_review', 'deferred'],
    to: 'withdrawn',
    amendmentGoesBack: true,
    event: 'spec.lifecycle.withdrawn',
    guards: [],
    access: 'writer',
    reason: true,
  },
  {
    name: 'reopen',
    from: ['deferred', 'rejected', 'withdrawn'],
    to: 'draft',
    event: 'spec.lifecycle.reopened',
    guards: [],
    access: 'writer',
    reason: true,
  },
  {
    name: 'amend',
    from: inForce,
    to: 'draft',
    event: 'spec.lifecycle.amended',
    guards: [],
    access: 'writer',
    reason: true,
  },
  {
    name: 'start',
    from: ['approved'],
    to: 'in_implementation',
    event: 'spec.lifecycle.started',
    guards: ['override_stands'],
    access: 'writer',
  },
  {
    name: 'complete',
    from: ['in_implementation'],
    to: 'implemented',
    event: 'spec.lifecycle.completed',
    guards: ['override_stands', 'phases_shown'],
    access: 'writer',
  },
  {
    name: 'supersede',
    from: inForce,
    to: 'superseded',
    event: 'spec.lifecycle.superseded',
    guards: ['successor_links_back', 'successor_approved'],
    access: 'admin',
  },
  {
    name: 'deprecate',
    from: inForce,
    to: 'deprecated',
    event: 'spec.lifecycle.deprecated',
    guards: [],
    access: 'admin',
    reason: true,
  },
  {
    name: 'archive',
    from: ['superseded', 'deprecated', 'rejected', 'withdrawn'],
    to: 'archived',
    event: 'spec.lifecycle.archived',
    guards: ['no_dependents'],
    access: 'admin',
    reason: true,
  },
];

export const transitionNames = transitions.map(({ name }) => name);

/** The row of a transition. */
export function transition(name: TransitionName): Transition {
  const found = transitions.find((one) => one.name === name);
  if (!found) throw new Error(`there is no transition ${name}`);
  return found;
}
