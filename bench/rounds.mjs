import { cpuSeconds } from './cpu-time.mjs';

/**
 * Who is measured: the product or a floor.
 *
 * @typedef {object} Contender
 * @property {string} name
 * @property {number} [pid] of the process that does the work
 * @property {(seconds: number) => Promise<import('./run-protocol.mjs').RunSummary>} run
 * @property {() => Promise<void>} [settle] ends when it has done what it put off, which would fall into another's turn
 *
 * @typedef {{ rounds: number, seconds: number, warmUp: number }} Effort
 */

/**
 * Runs the contenders in turn, round after round, so that whatever else the machine does meets them alike, and prints
 * one line of JSON for each floor: the median of the subject, the median of the floor, and their ratio.
 *
 * @param {{ measure: string, unit: string, subject: Contender, floors: Contender[] }} what
 * @param {Effort} effort
 */
export async function compare({ measure, unit, subject, floors }, { rounds, seconds, warmUp }) {
  const contenders = [subject, ...floors];
  /** @type {Map<Contender, number[]>} */
  const measured = new Map(contenders.map((contender) => [contender, []]));
  for (const contender of contenders) {
    await contender.run(warmUp);
    await contender.settle?.();
  }
  for (let round = 1; round <= rounds; round++) {
    for (const contender of contenders) {
      const before = cpuSeconds(contender.pid);
      const { count, perSecond, p50, p99 } = await contender.run(seconds);
      await contender.settle?.();
      const after = cpuSeconds(contender.pid);
      measured.get(contender)?.push(perSecond);
      const cost =
        before === undefined || after === undefined
          ? ''
          : `, ${(((after - before) / count) * 1e6).toFixed(0)} µs CPU each`;
      const latency = `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`;
      tell(`${measure} round ${round}/${rounds} ${contender.name}: ${perSecond.toFixed(0)} ${unit}, ${latency}${cost}`);
    }
  }
  const value = median(measured.get(subject) ?? []);
  for (const floor of floors)
    report({ measure, unit, value, floor: floor.name, floorValue: median(measured.get(floor) ?? []) });
}

/**
 * One measurement: a line of JSON on stdout.
 *
 * @param {{ measure: string, unit: string, value: number, floor: string, floorValue: number }} what
 */
export function report({ measure, unit, value, floor, floorValue }) {
  const line = { measure, value, unit, floor, floorValue, ratio: value / floorValue };
  process.stdout.write(`${JSON.stringify(line, rounded)}\n`);
}

/**
 * Progress goes to stderr: stdout carries measurements only.
 *
 * @param {string} text
 */
export const tell = (text) => void process.stderr.write(`${text}\n`);

/** @param {number[]} values */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * @param {string} _name
 * @param {unknown} value
 */
const rounded = (_name, value) => (typeof value === 'number' ? Math.round(value * 1000) / 1000 : value);
