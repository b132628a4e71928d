import type { RefusalCode } from '../../commands/refusals.js';
import { Refusal } from '../../commands/refusals.js';

/** A condition that was looked at: what it is called, whether it is met, and in a sentence what it says or wants. */
export type Check = {
  guard: string;
  met: boolean;
  code: RefusalCode;
  sentence: string;
  /** More of what is wrong, for programs. */
  details?: object;
};

/** @param wrong what is wrong; nothing where the condition is met, and then `rule` says what it is */
export function check(
  guard: string,
  code: RefusalCode,
  rule: string,
  wrong: string | undefined,
  details?: object,
): Check {
  const met = wrong === undefined;
  return { guard, met, code, sentence: wrong ?? rule, ...(!met && details && { details }) };
}

/** Refuses by the first condition that is not met. */
export function mustPass(checks: readonly Check[], details: object = {}): void {
  const failed = checks.find(({ met }) => !met);
  if (failed) throw new Refusal(failed.code, failed.sentence, { guard: failed.guard, ...details, ...failed.details });
}
