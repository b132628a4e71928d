import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { OtherForeground, OwnForeground } from './foreground.js';

/** Keeps this thread at work; between stretches of it whatever else is due has its turn. */
async function work(milliseconds: number): Promise<void> {
  for (const until = performance.now() + milliseconds; performance.now() < until;) {
    for (const stretch = performance.now() + 10; performance.now() < stretch;);
    await setTimeout(0);
  }
}

test('a thread says in shared memory whether it is busy', async () => {
  const foreground = new OtherForeground(OtherForeground.publish());
  expect(await foreground.isBusy()).toBe(false);
  await work(200);
  expect(await foreground.isBusy()).toBe(true);
  await setTimeout(300);
  expect(await foreground.isBusy()).toBe(false);
});

test('a thread that does both looks for a moment', async () => {
  const foreground = new OwnForeground();
  await setTimeout(50);
  expect(await foreground.isBusy()).toBe(false);
  const [, isBusy] = await Promise.all([work(100), foreground.isBusy()]);
  expect(isBusy).toBe(true);
});
