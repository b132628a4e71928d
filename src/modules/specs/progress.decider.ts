import { Refusal } from '../../commands/refusals.js';
import type { Evidence, PhaseStatus, progressCommands } from '../../commands/progress.commands.js';
import type { specEvents } from '../../events/spec.events.js';
import type { Decider } from '../event-store/decider.js';
import { check, mustPass } from './checks.decider.js';
import type { SpecEvent } from './differences.decider.js';
import { mustExist } from './document.decider.js';
import type { PlannedPhase } from './plan.decider.js';
import { evidenceOf, recordOf } from './plan.decider.js';
import type { Spec, SpecState } from './spec-state.decider.js';

/** The phases of the plan in force. */
export type PlanFacts = { phases?: readonly PlannedPhase[] };

type Rules = Decider<SpecState, typeof progressCommands, typeof specEvents>['decide'];

/** How far the implementation of what is in force is, phase by phase. */
export const progressRules: Rules = {
  'spec.phase.record': (state, { phaseKey, status, evidence = [], facts }) => {
    const spec = mustExist(state);
    const { inForce, lifecycle, revision } = spec.review;
    const standing = inForce?.revision === revision ? lifecycle : inForce?.lifecycle;
    const wrong = standing === 'in_implementation' ? undefined : 'No revision of the spec is in implementation.';
    mustPass([check('in_implementation', 'guard_failed', 'What is in force is being built.', wrong)]);
    const { phases = [] } = facts as PlanFacts;
    const phase = phases.find(({ key }) => key === phaseKey);
    if (!phase) throw new Refusal('not_found', 'The plan in force has no such phase.');
    if (status === 'done' && evidence.length === 0) {
      const errors = [{ pointer: '/evidence', code: 'evidence', message: 'what is done can be seen somewhere' }];
      throw new Refusal('validation_failed', 'A phase that is done needs evidence.', { errors });
    }
    const known = recordOf(phase, spec.review.phases);
    const isSame = known?.status === status && JSON.stringify(known.evidence) === JSON.stringify(evidence.map(plain));
    return isSame ? [] : [recorded(spec, phase, status, evidence)];
  },
};

/** The phases of which neither a record nor the evidence at hand shows that they are done. */
export const unshown = (
  { review }: Pick<Spec, 'review'>,
  phases: readonly PlannedPhase[],
  evidence?: readonly (Evidence & { phase?: string })[],
): PlannedPhase[] =>
  phases.filter(
    (phase) => recordOf(phase, review.phases)?.status !== 'done' && evidenceOf(phase, phases, evidence).length === 0,
  );

/** What the evidence at the end of an implementation says of the phases that nothing was shown of before. */
export const shown = (
  spec: Spec,
  { phases = [] }: PlanFacts,
  evidence: readonly (Evidence & { phase?: string })[],
): SpecEvent[] =>
  unshown(spec, phases).map((phase) => recorded(spec, phase, 'done', evidenceOf(phase, phases, evidence)));

const plain = ({ kind, reference }: Evidence) => ({ kind, reference });

const recorded = (
  { review }: Spec,
  { key, title, contentHash }: PlannedPhase,
  status: PhaseStatus,
  evidence: readonly Evidence[],
): SpecEvent => ({
  type: 'spec.phase.recorded',
  data: {
    revision: review.inForce?.revision ?? review.revision,
    phaseKey: key,
    title,
    contentHash,
    status,
    evidence: evidence.map(plain),
  },
});
