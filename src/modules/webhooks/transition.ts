import type { Answer } from './answer-reader.js';
import type { Claimed } from './claims.js';
import type { LaneHealth, Notice, Sign } from './lane-health.js';
import { afterAttempt, noticeOf, slowdown } from './lane-health.js';
import { nextDelay, readRetryAfter } from './retry-schedule.js';

/** A claimed delivery, and what came of sending it. */
export type Sent = { claimed: Claimed; answer: Answer; startedAt: Date };

/** Where a delivery goes from an attempt. */
export type Transition = {
  state: 'delivered' | 'pending' | 'failed';
  /** Null where there is no other attempt. */
  nextAttemptAt: Date | null;
  /** Whether the attempt counts: one that the service itself gave up does not. */
  counts: boolean;
  /** Whether the schedule begins anew, behind the disabling of its endpoint. */
  isHalted: boolean;
};

const gone = 410;
/** Milliseconds until what could not even be sent is tried again. */
const internalPause = 30_000;

export const isSuccess = ({ status, error }: Answer): boolean =>
  error === null && status !== null && status >= 200 && status < 300;

/**
 * What an attempt makes of a delivery: anything but 2xx is a failure and tried again on the schedule, until it is used up.
 * @param random from 0 to 1
 */
export function transitionOf({ claimed, answer }: Sent, now: Date, random: number): Transition {
  const after = (milliseconds: number) => new Date(now.getTime() + milliseconds);
  const made = { nextAttemptAt: null, counts: true, isHalted: false };
  if (answer.error === 'aborted') return { ...made, state: 'pending', nextAttemptAt: now, counts: false };
  if (answer.error === 'internal')
    return { ...made, state: 'pending', nextAttemptAt: after(internalPause), counts: false };
  if (isSuccess(answer)) return { ...made, state: 'delivered' };
  const retryAfter = readRetryAfter(answer.headers['retry-after'], now);
  const delay = answer.status === gone ? undefined : nextDelay(claimed.tries, random, retryAfter);
  if (delay !== undefined) return { ...made, state: 'pending', nextAttemptAt: after(delay) };
  const { order, onExhausted } = claimed.settings;
  const isHalted = claimed.queueKey !== null && order === 'strict' && onExhausted === 'halt';
  return isHalted ? { ...made, state: 'pending', nextAttemptAt: now, isHalted } : { ...made, state: 'failed' };
}

/** What is told of an endpoint: a notice of its health, or that the head of its order failed for good. */
export type LaneNotice = Notice | 'halted';

const endsEndpoint = (notice: LaneNotice): boolean => !notice.startsWith('warn');

/** The health of a lane after some attempts, in their order, and what is to be told of it. */
export function healthAfter(
  before: LaneHealth,
  warned: number,
  sent: readonly (Sent & { transition: Transition })[],
  now: Date,
): { health: LaneHealth; notice: LaneNotice | undefined } {
  let health = before;
  let notice: LaneNotice | undefined;
  for (const { answer, transition } of sent) {
    if (!transition.counts) continue;
    const slow = slowdown(answer.status ?? undefined, readRetryAfter(answer.headers['retry-after'], now));
    const sign: Sign = { isSuccess: isSuccess(answer), isGone: answer.status === gone, slow };
    health = afterAttempt(health, sign, now.getTime());
    const told = noticeOf(health, sign, warned, now.getTime());
    // What ends an endpoint is not talked over by a warning.
    if (transition.isHalted && !(told && endsEndpoint(told))) notice = 'halted';
    else if (told && !(notice && endsEndpoint(notice))) notice = told;
  }
  return { health, notice };
}
