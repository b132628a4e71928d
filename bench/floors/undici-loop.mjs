import { Agent, request } from 'undici';
import { runLoops, serveRuns } from '../run-protocol.mjs';

/**
 * The floor under deliveries: undici posts the same body over and over, unsigned, and nothing is written down.
 *
 * @typedef {{ url: string, body: string, concurrency: number, seconds: number }} Order
 */
const dispatcher = new Agent({ connections: 64, pipelining: 1 });

/** @type {(order: Order) => Promise<import('../run-protocol.mjs').RunResult>} */
const run = ({ url, body, concurrency, seconds }) =>
  runLoops({ concurrency, seconds }, async () => {
    const headers = { 'content-type': 'application/json' };
    const answer = await request(url, { method: 'POST', headers, body, dispatcher });
    await answer.body.dump();
  });

serveRuns({}, run);
