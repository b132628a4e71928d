import { describe, expect, test } from 'vitest';
import { ProgressMeter } from './progress-meter.js';

describe('a progress meter', () => {
  test('tells percent, rate and what is left, by what was done lately', () => {
    let now = 0;
    const meter = new ProgressMeter(() => now);
    expect(meter.read()).toMatchObject({ phase: 'waiting', percent: 0, secondsLeft: null });
    meter.begin('load', 100_000);
    for (; now < 5_000; now += 100) meter.add(1_000);
    expect(meter.read()).toMatchObject({ events: 50_000, percent: 50, eventsPerSecond: 10_000, secondsLeft: 5 });
    // Slower for longer than it remembers: the fast start counts no more.
    for (; now < 20_000; now += 100) meter.add(100);
    const { eventsPerSecond, events } = meter.read();
    expect(events).toBe(65_000);
    expect(eventsPerSecond).toBeGreaterThan(900);
    expect(eventsPerSecond).toBeLessThan(1_200);
  });

  test('counts what an earlier run has done, but not as its own speed', () => {
    let now = 0;
    const meter = new ProgressMeter(() => now);
    meter.begin('load', 1_000, 900);
    now = 1_000;
    meter.add(50);
    expect(meter.read()).toMatchObject({ percent: 95, eventsPerSecond: 50, secondsLeft: 1 });
    meter.begin('swap');
    now = 3_000;
    expect(meter.report()).toEqual([
      { phase: 'load', events: 50, seconds: 1 },
      { phase: 'swap', events: 0, seconds: 2 },
    ]);
  });
});
