import type { DomainCommand } from '../../commands/command.js';
import type { ImplementationEvidence, lifecycleCommands } from '../../commands/lifecycle.commands.js';
import type { specEvents } from '../../events/spec.events.js';
import type { Decider } from '../event-store/decider.js';
import { approved } from './approval.decider.js';
import { mustPass } from './checks.decider.js';
import type { DesiredSpec, SpecEvent } from './differences.decider.js';
import { differences } from './differences.decider.js';
import { mustExist } from './document.decider.js';
import type { Attempt, TransitionFacts } from './guards.decider.js';
import { checksOf, judgementOf } from './guards.decider.js';
import type { PlanFacts } from './progress.decider.js';
import { shown } from './progress.decider.js';
import type { Spec, SpecState } from './spec-state.decider.js';
import type { TransitionName } from './transitions.decider.js';
import { transition } from './transitions.decider.js';

/** For the end of an amendment: the content in force, which comes back. */
export type AmendmentFacts = { inForce?: DesiredSpec };

type TransitionRequest = DomainCommand & {
  specId: string;
  reason?: string;
  evidence?: readonly ImplementationEvidence[];
};
type Rules = Decider<SpecState, typeof lifecycleCommands, typeof specEvents>['decide'];

/** A transition as it was asked for, as its guards see it. */
export const attemptOf = (name: TransitionName, spec: Spec, command: TransitionRequest): Attempt => {
  const { specId, caller, reason, evidence, facts } = command;
  return { transition: transition(name), spec, specId, caller, reason, evidence, facts: facts as TransitionFacts };
};

const rule =
  <C extends TransitionRequest>(name: TransitionName, eventsOf: (spec: Spec, command: C) => SpecEvent[]) =>
  (state: SpecState, command: C): SpecEvent[] => {
    const spec = mustExist(state);
    mustPass(checksOf(attemptOf(name, spec, command)), { transition: name });
    return eventsOf(spec, command);
  };

/** The rules of all transitions: where from, who, and under which conditions, `transitions` and the guards say. */
export const lifecycleRules: Rules = {
  'spec.lifecycle.submit': rule('submit', ({ review: { revision }, contentHash }, { reason = null }) => [
    { type: 'spec.lifecycle.submitted', data: { revision, contentHash, reason } },
  ]),
  'spec.lifecycle.return': rule('return', (_, { reason }) => [{ type: 'spec.lifecycle.returned', data: { reason } }]),
  'spec.lifecycle.approve': rule('approve', (spec, command) => [
    approved(spec, judgementOf(attemptOf('approve', spec, command))),
  ]),
  'spec.lifecycle.reject': rule('reject', (spec, command) => [
    ...backToInForce(spec, command),
    { type: 'spec.lifecycle.rejected', data: ending(spec, command) },
  ]),
  'spec.lifecycle.defer': rule('defer', (_, { reason }) => [{ type: 'spec.lifecycle.deferred', data: { reason } }]),
  'spec.lifecycle.withdraw': rule('withdraw', (spec, command) => [
    ...backToInForce(spec, command),
    { type: 'spec.lifecycle.withdrawn', data: ending(spec, command) },
  ]),
  'spec.lifecycle.reopen': rule('reopen', (_, { reason }) => [{ type: 'spec.lifecycle.reopened', data: { reason } }]),
  'spec.lifecycle.amend': rule('amend', ({ review: { revisions, revision: inForce } }, { reason }) => [
    { type: 'spec.lifecycle.amended', data: { revision: revisions + 1, inForce, reason } },
  ]),
  'spec.lifecycle.start': rule('start', ({ review: { revision } }, { reason = null }) => [
    { type: 'spec.lifecycle.started', data: { revision, reason } },
  ]),
  'spec.lifecycle.complete': rule('complete', (spec, { evidence, reason = null, facts }) => [
    ...shown(spec, facts as PlanFacts, evidence),
    {
      type: 'spec.lifecycle.completed',
      data: {
        revision: spec.review.revision,
        evidence: evidence.map(({ phase = null, ...one }) => ({ ...one, phase })),
        reason,
      },
    },
  ]),
  'spec.lifecycle.supersede': rule('supersede', (_, { successorId, reason = null }) => [
    { type: 'spec.lifecycle.superseded', data: { successorId, reason } },
  ]),
  'spec.lifecycle.deprecate': rule('deprecate', (_, { reason }) => [
    { type: 'spec.lifecycle.deprecated', data: { reason } },
  ]),
  'spec.lifecycle.archive': rule('archive', (_, { reason }) => [{ type: 'spec.lifecycle.archived', data: { reason } }]),
};

const ending = ({ review: { revision, inForce } }: Spec, { reason }: { reason: string }) => {
  return { revision, reason, backTo: inForce?.lifecycle ?? null };
};

/** An amendment that comes to nothing leaves the content as it was approved. */
function backToInForce(spec: Spec, { facts }: { facts: object }): SpecEvent[] {
  const { inForce } = facts as AmendmentFacts;
  if (!spec.review.inForce) return [];
  if (!inForce) throw new Error('the content in force is not at hand');
  return differences(spec, inForce);
}
