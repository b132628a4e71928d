import type { Check, CheckResult, Gap, Subject } from './checks.js';
import { basisOf, elementRef, gapAt } from './checks.js';
import { namingProblems } from './names.js';

/** Names that the spec only mentions are not its own; names on the list of allowed ids exist already. */
function named({ document, input }: Subject, kind: 'command' | 'event'): CheckResult {
  const allowed = new Set(input.allowedIds);
  const introduced = (kind === 'command' ? document.commands : document.events).filter((one) => one.introduced);
  if (introduced.length === 0) return { nothing: `The spec introduces no ${kind}.` };
  const gaps = introduced.flatMap(({ name, hash, position }): Gap[] => {
    const problems = allowed.has(name) ? [] : namingProblems(name, kind);
    if (problems.length === 0) return [];
    const message = `The ${kind} ${name} is not named as it should be: ${problems.join(', ')}.`;
    return [gapAt(document, elementRef(kind, name, hash), position, message)];
  });
  return { looked: introduced.length, of: `${kind}s`, basis: basisOf(document, introduced), gaps };
}

export const commandsNamed: Check = (subject) => named(subject, 'command');
export const eventsNamed: Check = (subject) => named(subject, 'event');
