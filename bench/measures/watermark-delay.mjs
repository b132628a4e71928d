import { median, report, tell } from '../rounds.mjs';
import { startEventStore } from '../service.mjs';

/** Milliseconds: what the design promises. */
const promised = 20;

/**
 * How long after its answer an append can be read by those that follow history, under the load of append.unique.c64.
 *
 * @type {import('../measures.mjs').Measure}
 */
export async function measure(name, workbench, { rounds, seconds, warmUp }) {
  const { contender } = await startEventStore(workbench);
  const { run } = contender('specline', { task: 'untilReadable', concurrency: 64 });
  await run(warmUp);
  const medians = [];
  for (let round = 1; round <= rounds; round++) {
    const { perSecond, p50, p99 } = await run(seconds);
    medians.push(p50);
    tell(
      `${name} round ${round}/${rounds}: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms at ${perSecond.toFixed(0)} appends/s`,
    );
  }
  report({ measure: name, unit: 'ms', value: median(medians), floor: 'promised', floorValue: promised });
}
