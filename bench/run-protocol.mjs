/**
 * How the bench talks to its child processes: the child says `ready` with what others must know (a port), is told to
 * `run`, and answers `done` or `failed`.
 *
 * @typedef {{ latencies: number[], milliseconds: number }} RunResult one latency, in milliseconds, for each thing done
 * @typedef {{ count: number, perSecond: number, p50: number, p99: number, max: number }} RunSummary
 */

/**
 * The child's side. The child ends when its parent does.
 *
 * @template Order
 * @param {object} ready
 * @param {(order: Order) => Promise<RunResult>} [run]
 */
export function serveRuns(ready, run) {
  process.on('disconnect', () => process.exit(0));
  // Ctrl-C reaches the whole group: the parent decides when its children end.
  process.on('SIGINT', () => undefined);
  process.on('message', (/** @type {{ run: Order }} */ message) => {
    if (!run) return;
    run(message.run).then(
      (result) => process.send?.({ done: summarize(result) }),
      (error) => process.send?.({ failed: String(error?.stack ?? error) }),
    );
  });
  process.send?.({ ready });
}

/**
 * @param {RunResult} result
 * @returns {RunSummary}
 */
function summarize({ latencies, milliseconds }) {
  const sorted = Float64Array.from(latencies).sort();
  const at = (/** @type {number} */ share) => sorted[Math.floor(sorted.length * share)] ?? 0;
  return {
    count: sorted.length,
    perSecond: (sorted.length / milliseconds) * 1000,
    p50: at(0.5),
    p99: at(0.99),
    max: sorted.at(-1) ?? 0,
  };
}

/**
 * Does one thing over and over in a number of loops, each waiting for its turn to end before the next.
 *
 * @param {{ concurrency: number, seconds: number }} order
 * @param {(loop: number) => Promise<unknown>} act
 * @returns {Promise<RunResult>}
 */
export async function runLoops({ concurrency, seconds }, act) {
  const start = performance.now();
  const until = start + seconds * 1000;
  /** @type {number[]} */
  const latencies = [];
  const loops = Array.from({ length: concurrency }, async (_, loop) => {
    for (let began = performance.now(); began < until;) {
      await act(loop);
      const now = performance.now();
      latencies.push(now - began);
      began = now;
    }
  });
  await Promise.all(loops);
  return { latencies, milliseconds: performance.now() - start };
}
