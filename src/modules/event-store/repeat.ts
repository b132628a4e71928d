import { setTimeout } from 'node:timers/promises';
import type { Logger } from '@nestjs/common';
import { reasonOf } from './delivery.js';

/**
 * Does something over and over until the signal aborts. What fails is done again, since a database may only be away; it is
 * told once, until it has gone well again.
 * @param work resolves to how many milliseconds to rest behind it
 * @param rest how many behind a failure
 */
export async function repeat(
  signal: AbortSignal,
  work: () => Promise<number>,
  { log, rest }: { log: Logger; rest: number },
): Promise<void> {
  let isFailing = false;
  while (!signal.aborted) {
    let milliseconds = rest;
    try {
      milliseconds = await work();
      isFailing = false;
    } catch (error) {
      if (!isFailing && !signal.aborted) log.warn(reasonOf(error));
      isFailing = true;
    }
    if (milliseconds > 0) await setTimeout(milliseconds, undefined, { signal, ref: false }).catch(() => undefined);
  }
}
