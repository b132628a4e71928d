import { Logger } from '@nestjs/common';
import { expect, test, vi } from 'vitest';
import { repeat } from './repeat.js';

test('work that fails is told once, and done again until the signal aborts', async () => {
  const log = new Logger('test');
  const told = vi.spyOn(log, 'warn').mockImplementation(() => undefined);
  const ending = new AbortController();
  const outcomes = ['no', 'no', 'yes', 'no', 'yes'];
  const done: string[] = [];
  const work = () => {
    const outcome = outcomes[done.length] ?? 'end';
    done.push(outcome);
    if (outcome === 'end') ending.abort();
    return outcome === 'no' ? Promise.reject(new Error('away')) : Promise.resolve(outcome === 'end' ? 60_000 : 0);
  };
  await repeat(ending.signal, work, { log, rest: 1 });
  expect(done).toEqual([...outcomes, 'end']);
  expect(told.mock.calls).toEqual([['Error: away'], ['Error: away']]);
});
