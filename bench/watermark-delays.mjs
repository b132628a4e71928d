import { runLoops } from './run-protocol.mjs';

/**
 * Runs appends in loops. What counts of each is not how long it took, but how long after its answer a connection that
 * listens is told that its position is final: from then on subscriptions read the event.
 *
 * @param {{ seconds: number, concurrency: number }} order
 * @param {() => Promise<{ seq: number }>} append
 * @param {import('pg').Client} listener
 * @returns {Promise<import('./run-protocol.mjs').RunResult>} the delays as its latencies
 */
export async function delaysUntilReadable(order, append, listener) {
  /** @type {Map<number, number>} when the append at a position was answered */
  const answered = new Map();
  /** @type {number[]} */
  const latencies = [];
  let final = 0;
  const hear = (/** @type {import('pg').Notification} */ { payload }) => {
    const now = performance.now();
    final = Math.max(final, Number(payload));
    for (const [seq, at] of answered) {
      if (seq > final) continue;
      latencies.push(now - at);
      answered.delete(seq);
    }
  };
  listener.on('notification', hear);
  await listener.query('listen specline_watermark');
  const { milliseconds } = await runLoops(order, async () => {
    const { seq } = await append();
    if (seq > final) answered.set(seq, performance.now());
    else latencies.push(0);
  });
  for (const until = performance.now() + 5000; answered.size > 0;) {
    if (performance.now() > until) throw new Error(`${answered.size} appends were not readable after 5 s`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await listener.query('unlisten specline_watermark');
  listener.off('notification', hear);
  return { latencies, milliseconds };
}
