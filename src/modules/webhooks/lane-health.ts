const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** How an endpoint has answered lately. Times are milliseconds since 1970. */
export type LaneHealth = {
  /** Failed attempts since the last success. */
  failures: number;
  /** When the first of them failed. */
  failingSince: number | null;
  /** Until when nothing is sent there. */
  blockedUntil: number | null;
  lastSuccessAt: number | null;
};

/** What an attempt says about the endpoint; `slow` is how long it asks for less, in milliseconds. */
export type Sign = { isSuccess: boolean; isGone?: boolean; slow?: number };

/** What is to be told of an endpoint, and done: two warnings, then it is disabled. */
export type Notice = 'warn_1' | 'warn_2' | 'failing' | 'gone';

export const healthy: LaneHealth = { failures: 0, failingSince: null, blockedUntil: null, lastSuccessAt: null };

/** After so many failures in a row the breaker opens: one probe at a time, further and further apart. */
export const breakerThreshold = 5;
const probes = { first: 30_000, longest: 10 * minute };
/** How long an endpoint may fail before it is disabled, with at least so many failures in that time. */
const patience = { warnings: [day, 4 * day], disable: 5 * day, failures: 10 };
/** Statuses by which a receiver, or what stands before it, says that it is too much. */
const overload: ReadonlySet<number> = new Set([429, 502, 504]);
const overloadPause = 10_000;

/**
 * How long a status, with the wait that came with it, keeps a lane quiet.
 * @param retryAfter milliseconds
 */
export function slowdown(status: number | undefined, retryAfter: number | undefined): number | undefined {
  if (status !== undefined && overload.has(status)) return Math.max(retryAfter ?? 0, overloadPause);
  return status === 503 ? retryAfter : undefined;
}

/** The health of a lane after an attempt. */
export function afterAttempt(health: LaneHealth, sign: Sign, now: number): LaneHealth {
  if (sign.isSuccess) return { ...healthy, lastSuccessAt: now };
  const failures = health.failures + 1;
  const beyond = failures - breakerThreshold;
  const pause = Math.max(
    sign.slow ?? 0,
    beyond < 0 ? 0 : Math.min(probes.first * 2 ** Math.min(beyond, 10), probes.longest),
  );
  const until = pause > 0 ? now + pause : null;
  return {
    failures,
    failingSince: health.failingSince ?? now,
    blockedUntil: until === null ? health.blockedUntil : Math.max(until, health.blockedUntil ?? 0),
    lastSuccessAt: health.lastSuccessAt,
  };
}

/** Whether only one probe at a time may be sent. */
export const isBreakerOpen = ({ failures }: Pick<LaneHealth, 'failures'>): boolean => failures >= breakerThreshold;

/**
 * What is to be told after an attempt.
 * @param warned how many warnings there were since the endpoint last worked
 */
export function noticeOf(health: LaneHealth, sign: Sign, warned: number, now: number): Notice | undefined {
  if (sign.isGone) return 'gone';
  if (sign.isSuccess || health.failingSince === null || health.failures < patience.failures) return undefined;
  const failingFor = now - health.failingSince;
  if (failingFor >= patience.disable) return 'failing';
  const due = patience.warnings.filter((after) => failingFor >= after).length;
  return due > warned ? (due === 1 ? 'warn_1' : 'warn_2') : undefined;
}
