import { HttpConnection } from './http-connection.mjs';
import { serveRuns } from './run-protocol.mjs';
import { traffics } from './traffic.mjs';

/**
 * The load process: sends requests to one server over a number of connections, each waiting for its answer before it
 * asks again. An answer other than 2xx ends the bench.
 *
 * @typedef {{ traffic: keyof typeof traffics, port: number, connections: number, tenant: import('./traffic.mjs').Tenant }} Plan
 */

/** What each server's connections know, such as the tags they saw last, kept from round to round. */
const remembered = new Map();

/** @type {(order: { plan: Plan, seconds: number }) => Promise<import('./run-protocol.mjs').RunResult>} */
const run = async ({ plan, seconds }) => {
  const { port, connections, traffic } = plan;
  if (!remembered.has(port)) remembered.set(port, await traffics[traffic](plan));
  const talks = remembered.get(port);
  const open = await Promise.all(Array.from({ length: connections }, () => HttpConnection.open(port)));
  const start = performance.now();
  const until = start + seconds * 1000;
  /** @type {number[]} */
  const latencies = [];
  try {
    await Promise.all(open.map((connection, at) => converse(connection, talks[at], until, latencies)));
  } finally {
    for (const connection of open) connection.close();
  }
  return { latencies, milliseconds: performance.now() - start };
};

/**
 * @param {HttpConnection} connection
 * @param {import('./traffic.mjs').Talk} talk
 * @param {number} until
 * @param {number[]} latencies
 */
async function converse(connection, talk, until, latencies) {
  for (let asked = performance.now(); ;) {
    const request = talk.next(asked >= until);
    if (!request) return;
    const answer = await connection.request(request);
    if (answer.status < 200 || answer.status > 299) {
      const said = answer.body.subarray(0, 2000).toString();
      throw new Error(`${request.method} ${request.path} was answered with ${answer.status}: ${said}`);
    }
    talk.answered?.(answer);
    const now = performance.now();
    latencies.push(now - asked);
    asked = now;
  }
}

serveRuns({}, run);
