import type { ElementRef } from './evaluation.view.js';
import type { Evaluated } from './spec-evaluator.js';

/** Every element of a spec that can be linked. */
export function elementsOf({ evaluation }: Evaluated): ElementRef[] {
  return [...evaluation.rows, ...evaluation.consistency].flatMap(({ findings }) =>
    findings.flatMap(({ elements }) => elements),
  );
}
