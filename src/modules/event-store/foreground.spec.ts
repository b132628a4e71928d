import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Foreground } from './foreground.js';
import { OtherForeground, OwnForeground } from './foreground.js';

/** Keeps this thread at work; between stretches of it whatever else is due has its turn. */
async function work(milliseconds: number): Promise<void> {
  for (const until = performance.now() + milliseconds; performance.now() < until;) {
    for (const stretch = performance.now() + 20; performance.now() < stretch;);
    await setTimeout(0);
  }
}

/** A machine with other things to do may keep this thread from its work for a while. */
async function becomes(foreground: Foreground, wanted: boolean, meanwhile: () => Promise<void>): Promise<boolean> {
  for (const until = performance.now() + 20_000; performance.now() < until;) {
    const [isBusy] = await Promise.all([foreground.isBusy(), meanwhile()]);
    if (isBusy === wanted) return true;
  }
  return false;
}

test.each([
  ['another thread says in shared memory whether it is', () => new OtherForeground(OtherForeground.publish())],
  ['a thread that does both looks for a moment whether it is', () => new OwnForeground()],
])('%s busy', async (_, foregroundOf) => {
  const foreground = foregroundOf();
  expect(await becomes(foreground, false, () => setTimeout(100))).toBe(true);
  expect(await becomes(foreground, true, () => work(200))).toBe(true);
  expect(await becomes(foreground, false, () => setTimeout(100))).toBe(true);
});
