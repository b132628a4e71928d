import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Somebody } from '../../../test/support/judged-review.js';
import { everybody } from '../../../test/support/judged-review.js';
import type { Action } from '../../../test/support/lifecycle-model.js';
import { allowed, LifecycleModel } from '../../../test/support/lifecycle-model.js';
import { ReviewedSpec } from '../../../test/support/reviewed-spec.js';
import { positions, ResolveConcern, WithdrawVote } from '../../commands/review.commands.js';
import { transitionNames } from './transitions.decider.js';

const who = fc.constantFrom(...everybody);
/** `go on` is a way that leads on from wherever the spec stands: chance alone would hardly leave the first few states. */
const action: fc.Arbitrary<Action | { does: 'go on'; way: number; who: Somebody }> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant('go' as const),
      name: fc.constantFrom(...transitionNames),
      who,
      role: fc.constantFrom('writer' as const, 'admin' as const),
    }),
  },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('go on' as const), way: fc.nat(4), who }) },
  {
    weight: 5,
    arbitrary: fc.record({
      does: fc.constant('vote' as const),
      position: fc.constantFrom('approve' as const, ...positions),
      who,
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('take back' as const), who }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('resolve' as const), concern: fc.nat(3), who }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('edit' as const), who }) },
);

function onward({ lifecycle }: LifecycleModel, { way, who }: { way: number; who: Somebody }): Action {
  const names = transitionNames.filter((name) => allowed[lifecycle][name] !== undefined);
  const name = names[way % (names.length + 1)];
  return name ? { does: 'go', name, who, role: 'admin' } : { does: 'vote', position: 'approve', who };
}

/** The straight way to the end; some runs begin anywhere on it. */
const opening: Action[] = [
  { does: 'go', name: 'submit', who: 'ann', role: 'writer' },
  { does: 'vote', position: 'approve', who: 'ben' },
  { does: 'go', name: 'start', who: 'ann', role: 'writer' },
  { does: 'go', name: 'complete', who: 'ann', role: 'writer' },
];

/** Asks the rules for the same as the model. @returns whether they did it */
function does(spec: ReviewedSpec, step: Action): boolean {
  const { votes, concerns } = spec.spec.review;
  if (step.does === 'go') return spec.go(step.name, step.who, { role: step.role }) === undefined;
  if (step.does === 'vote') return spec.vote(step.who, step.position) === undefined;
  if (step.does === 'edit') return spec.edit(step.who, `It MUST be number ${spec.history.length}.\n`) === undefined;
  if (step.does === 'resolve') {
    const concernId = concerns[step.concern]?.concernId ?? 'none';
    return spec.ask(ResolveConcern, { concernId, resolution: 'It is settled now.' }, step.who) === undefined;
  }
  const voteId = votes.find(({ principal }) => principal.id === step.who)?.voteId ?? 'none';
  return spec.ask(WithdrawVote, { voteId }, step.who) === undefined;
}

test('whatever is asked in whatever order, a spec stands where the simplest model of its lifecycle stands', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(fc.nat(opening.length), fc.array(action, { minLength: 1, maxLength: 40 }), (opened, more) => {
      const [spec, model] = [new ReviewedSpec(), new LifecycleModel()];
      for (const chosen of [...opening.slice(0, opened), ...more]) {
        const step = chosen.does === 'go on' ? onward(model, chosen) : chosen;
        const before = spec.lifecycle;
        expect([does(spec, step), spec.lifecycle], `${JSON.stringify(step)} from ${before}`).toEqual([
          model.may(step),
          model.lifecycle,
        ]);
        seen.add(spec.lifecycle);
        const { inForce, lifecycle } = spec.spec.review;
        if (['approved', 'in_implementation', 'implemented'].includes(lifecycle)) {
          expect(inForce?.contentHash).toBe(spec.spec.contentHash);
        }
      }
    }),
    { numRuns: 1000 },
  );
  // Every state there is was come to: the model was compared everywhere.
  expect([...seen].sort()).toHaveLength(11);
});
