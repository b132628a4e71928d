import { createServer } from 'node:http';
import { serveRuns } from '../run-protocol.mjs';

/**
 * What messages are posted to: it reads them and answers 204. Told to `count`, it counts what comes in some seconds from
 * the first message on; told to `wait`, it waits until so many came to a path, and answers how long each took from then:
 * those that do not come in that many seconds took as long.
 *
 * @typedef {{ task: 'count', seconds: number } | { task: 'wait', seconds: number, path: string, count: number }} Order
 */

/** @type {(path: string) => void} */
let onMessage = () => undefined;

const server = createServer((request, response) => {
  request.resume().on('end', () => {
    response.writeHead(204).end();
    onMessage(request.url ?? '');
  });
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());

/** @type {(order: Order) => Promise<import('../run-protocol.mjs').RunResult>} */
const run = (order) =>
  new Promise((resolve) => {
    let began = order.task === 'wait' ? performance.now() : 0;
    /** @type {number[]} */
    const latencies = [];
    const done = () => {
      clearTimeout(late);
      onMessage = () => undefined;
      resolve({ latencies, milliseconds: performance.now() - began });
    };
    const giveUp = () => {
      if (order.task === 'wait') while (latencies.length < order.count) latencies.push(order.seconds * 1000);
      done();
    };
    // What is counted is counted from the first message on.
    let late = order.task === 'wait' ? setTimeout(giveUp, order.seconds * 1000) : undefined;
    onMessage = (path) => {
      const now = performance.now();
      if (order.task === 'wait') {
        if (!path.startsWith(order.path)) return;
        latencies.push(now - began);
        if (latencies.length === order.count) done();
        return;
      }
      late ??= setTimeout(done, order.seconds * 1000);
      began ||= now;
      latencies.push(0);
    };
  });

serveRuns({ port }, run);
