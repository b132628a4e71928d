import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Reading } from './watermark-readings.js';
import { remember } from './watermark-readings.js';

/** What may happen to an append (by number), and a look by the leader. */
const step = fc.oneof(
  fc.record({ does: fc.constant('take' as const), append: fc.nat(5) }),
  fc.record({ does: fc.constant('end' as const), append: fc.nat(5) }),
  fc.constant({ does: 'tick' as const }),
);

/** The watermark as the database moves it, over a model of appends in flight. */
class Model {
  private taken = 0;
  private started = 0;
  /** By append: under which name it holds the lock, and its lowest position. */
  private readonly open = new Map<number, { holder: string; lowest: number }>();
  pending: Reading[] = [];
  position = 0;

  take(append: number): void {
    this.taken++;
    if (!this.open.has(append)) this.open.set(append, { holder: `${append}:${this.started++}`, lowest: this.taken });
  }

  end(append: number): void {
    this.open.delete(append);
  }

  tick(): void {
    const holders = [...this.open.values()].map(({ holder }) => holder);
    const reading = { position: this.taken, readAt: new Date(0), holders };
    const final = [...this.pending, reading].filter((one) => !one.holders.some((holder) => holders.includes(holder)));
    this.position = Math.max(this.position, ...final.map(({ position }) => position));
    this.pending = remember(this.pending, reading, this.position);
  }

  get lowestOpen(): number {
    return Math.min(Infinity, ...[...this.open.values()].map(({ lowest }) => lowest));
  }

  endAll(): void {
    this.open.clear();
  }

  get last(): number {
    return this.taken;
  }
}

test('the watermark stays before whatever is open, keeps few readings, and comes to the end when all have ended', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 600 }), (steps) => {
      const model = new Model();
      for (const one of steps) {
        if (one.does === 'tick') model.tick();
        else model[one.does](one.append);
        if (one.does === 'tick') expect(model.position).toBeLessThan(model.lowestOpen);
        expect(model.pending.length).toBeLessThanOrEqual(64);
      }
      model.endAll();
      model.tick();
      expect(model.position).toBe(model.last);
    }),
  );
});

test('behind an append that takes its time, the others are final soon after it ends, however many looks there were', () => {
  const model = new Model();
  model.take(0);
  const quick = () => {
    for (const append of [1, 2, 3]) {
      model.take(append);
      model.tick();
      model.end(append === 1 ? 3 : append - 1);
    }
  };
  for (let n = 0; n < 1000; n++) quick();
  expect(model.position).toBe(0);
  model.end(0);
  model.tick();
  expect(model.last - model.position).toBeLessThan(100);
});
