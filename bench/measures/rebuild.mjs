import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { writeHistory } from '../history.mjs';
import { compare, tell } from '../rounds.mjs';
import { built, dist } from '../workbench.mjs';

const size = { streams: 20_000, eventsPerStream: 20 };
const events = size.streams * size.eventsPerStream;
const page = 1000;

/**
 * How fast `specline-admin rebuild` reads history and applies it to new tables: events a second from the first one read to
 * the last row committed, without the indexes and the second fold that follow (told on stderr). The floor reads the same
 * events in the same order with pg, a page after the other, and does nothing with them.
 *
 * @type {import('../measures.mjs').Measure}
 */
export async function measure(name, workbench, effort) {
  const url = await workbench.createDatabase();
  const { migrate } = await built('migrate');
  await migrate(url);
  tell(`${name}: writing ${events} events`);
  await writeHistory(url, size);
  const subject = { name: 'specline', run: () => rebuild(name, url) };
  const floors = [{ name: 'pg_select_pages', run: () => readPages(url) }];
  await compare({ measure: name, unit: 'events/s', subject, floors }, effort);
}

/**
 * @param {string} name
 * @param {string} url
 */
async function rebuild(name, url) {
  const words = ['--max-semi-space-size=64', join(dist, 'src/admin.js'), 'rebuild', 'spec', '--no-swap', '--json'];
  const env = { ...process.env, DATABASE_URL: url };
  const child = spawn(process.execPath, words, { env, stdio: ['ignore', 'pipe', 2] });
  const [said, [code]] = await Promise.all([
    text(/** @type {import('node:stream').Readable} */ (child.stdout)),
    once(child, 'exit'),
  ]);
  if (code !== 0) throw new Error(`specline-admin ended with ${code}: ${said.slice(-1000)}`);
  const { result } = JSON.parse(said.trim().split('\n').at(-1) ?? '');
  const phases = /** @type {{ phase: string, events: number, seconds: number }[]} */ (result.phases);
  tell(`${name}: ${phases.map(({ phase, seconds }) => `${phase} ${seconds} s`).join(', ')}`);
  const load = phases.find(({ phase }) => phase === 'load');
  if (load?.events !== events) throw new Error(`${load?.events} events were loaded, and there are ${events}`);
  return summary(load.seconds);
}

/** @param {string} url */
async function readPages(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const began = performance.now();
  let after = ['00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000', 0];
  let read = 0;
  for (let isLast = false; !isLast;) {
    const { rows } = await client.query({
      name: 'page',
      text: `select organization_id, stream_id, version, type, payload, metadata, recorded_at from specline.event
        where (organization_id, stream_id, version) > ($1, $2, $3)
        order by organization_id, stream_id, version limit ${page}`,
      values: after,
    });
    read += rows.length;
    const last = rows.at(-1);
    if (last) after = [last.organization_id, last.stream_id, last.version];
    isLast = rows.length < page;
  }
  const seconds = (performance.now() - began) / 1000;
  await client.end();
  if (read !== events) throw new Error(`${read} events were read, and there are ${events}`);
  return summary(seconds);
}

/** @param {number} seconds */
function summary(seconds) {
  const milliseconds = seconds * 1000;
  return { count: events, perSecond: events / seconds, p50: milliseconds, p99: milliseconds, max: milliseconds };
}
