import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { compare, median, report, tell } from '../rounds.mjs';
import { install, startService } from '../service.mjs';
import { runOn } from '../workbench.mjs';

const floors = join(import.meta.dirname, '../floors');
/** A body as it is sent, thin. */
const body = JSON.stringify({ specversion: '1.0', type: 'webhook.endpoint.tested', data: 'x'.repeat(700) });

/** More messages a second than an endpoint is sent here. */
const enough = 2_000;

/**
 * How many signed messages a second one process delivers to a receiver on the same machine, from the database and with each
 * attempt written down, against undici posting bodies of that size and nothing else.
 *
 * @type {import('../measures.mjs').Measure}
 */
export async function measureDeliver(name, workbench, effort) {
  const receiver = workbench.start('the receiver', join(floors, 'webhook-receiver.mjs'));
  const { port } = await receiver.ready();
  const service = await withEndpoints(workbench, port, Array(8).fill('/deliver'));
  const loop = workbench.start('undici', join(floors, 'undici-loop.mjs'));
  await loop.ready();
  const subject = {
    name: 'specline',
    pid: service.pid,
    run: async (/** @type {number} */ seconds) => {
      const counted = receiver.run({ task: 'count', seconds });
      await service.fill('/deliver', enough * (seconds + 1));
      const summary = await counted;
      await service.empty();
      return summary;
    },
  };
  const url = `http://127.0.0.1:${port}/floor`;
  const run = (/** @type {number} */ seconds) => loop.run({ url, body, concurrency: 64, seconds });
  await compare({ measure: name, unit: 'messages/s', subject, floors: [{ name: 'bare_undici', run }] }, effort);
}

const quiet = { organizations: 200, messages: 50 };
const noise = 100_000;
/** Seconds in which all of the quiet ones are promised to be served; and after which they are waited for no more. */
const patience = { promised: 10, most: 20 };

/**
 * How long the messages of 200 quiet organizations take while another one has 100,000 of them due, against how long they
 * take without it: the 99th of a hundred, three times as long is what is promised; and the last of all, against 10 s.
 * What has not come after 20 s counts as if it had come then.
 *
 * @type {import('../measures.mjs').Measure}
 */
export async function measureFairness(name, workbench, { rounds }) {
  const receiver = workbench.start('the receiver', join(floors, 'webhook-receiver.mjs'));
  const { port } = await receiver.ready();
  const paths = ['/noisy', ...Array(quiet.organizations).fill('/quiet')];
  const service = await withEndpoints(workbench, port, paths, { organizationEach: true });
  const count = quiet.organizations * quiet.messages;
  const deliver = async () => {
    const heard = receiver.run({ task: 'wait', seconds: patience.most, path: '/quiet', count });
    await service.fill('/quiet', quiet.messages);
    const { p99, max } = await heard;
    return { p99, max };
  };
  await deliver();
  await service.empty();
  /** @type {{ without: Awaited<ReturnType<typeof deliver>>[], with: Awaited<ReturnType<typeof deliver>>[] }} */
  const rounded = { without: [], with: [] };
  for (let round = 1; round <= rounds; round++) {
    const calm = await deliver();
    await service.empty();
    await service.fill('/noisy', noise);
    const noisy = await deliver();
    await service.empty();
    rounded.without.push(calm);
    rounded.with.push(noisy);
    const said = ({ p99 = 0, max = 0 }) => `p99 ${p99.toFixed(0)} ms, last ${max.toFixed(0)} ms`;
    tell(`${name} round ${round}/${rounds}: ${said(calm)}; with noise ${said(noisy)}`);
  }
  const value = median(rounded.with.map(({ p99 }) => p99));
  const floorValue = median(rounded.without.map(({ p99 }) => p99));
  report({ measure: name, unit: 'ms', value, floor: 'without_noise', floorValue });
  const last = median(rounded.with.map(({ max }) => max));
  report({ measure: `${name}.last`, unit: 'ms', value: last, floor: 'promised', floorValue: patience.promised * 1000 });
}

/**
 * A service with an endpoint for each path, and messages to be filled in: each has the test message of its endpoint to
 * tell of.
 *
 * @param {import('../workbench.mjs').Workbench} workbench
 * @param {number} port
 * @param {string[]} paths
 * @param {{ organizationEach?: boolean }} [options]
 */
async function withEndpoints(workbench, port, paths, { organizationEach = false } = {}) {
  const operatorKey = randomBytes(16).toString('hex');
  const installation = await install(workbench);
  const service = await startService(workbench, installation, {
    SPECLINE_OPERATOR_KEY: operatorKey,
    SPECLINE_WEBHOOK_ALLOWED_NETWORKS: '127.0.0.1/32',
    SPECLINE_WEBHOOK_ALLOW_HTTP: 'true',
  });
  /** @type {(path: string, key: string, content?: object) => Promise<any>} */
  const send = async (path, key, content = {}) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const url = `http://127.0.0.1:${service.port}/v1/organizations${path}`;
    const isBare = path.endsWith('/test');
    const answer = await fetch(url, {
      method: 'POST',
      ...(isBare ? { headers: { authorization: headers.authorization } } : { headers, body: JSON.stringify(content) }),
    });
    if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}: ${await answer.text()}`);
    return answer.json();
  };
  let tenant = { organizationId: service.organizationId, apiKey: service.apiKey };
  for (const path of paths) {
    if (organizationEach) tenant = await send('', operatorKey, { name: 'Example Ltd' });
    const of = `/${tenant.organizationId}/webhook-endpoints`;
    const settings = {
      url: `http://127.0.0.1:${port}${path}`,
      eventTypes: ['template.*'],
      order: 'none',
      maxConcurrent: 32,
    };
    const { endpointId } = await send(of, tenant.apiKey, settings);
    await send(`${of}/${endpointId}/test`, tenant.apiKey);
  }
  const { databaseUrl } = installation;
  const delivered = `select count(*) as n from specline.webhook_delivery where state = 'delivered'`;
  while (Number((await runOn(databaseUrl, delivered)).rows[0].n) < paths.length)
    await new Promise((r) => setTimeout(r, 200));
  return {
    pid: service.pid,
    /** So many messages for each endpoint of a path, all of them due. */
    fill: (/** @type {string} */ path, /** @type {number} */ each) => runOn(databaseUrl, fill, [path, each]),
    /** Takes back what still waits, and forgets the rest once what was under way has ended. */
    empty: async () => {
      await runOn(databaseUrl, takeBack);
      await new Promise((resolve) => setTimeout(resolve, 1000));
      await runOn(databaseUrl, `delete from specline.webhook_delivery where cause <> 'event' and state <> 'pending'`);
      const tables = ['delivery', 'waiting', 'attempt', 'lane'].map((name) => `specline.webhook_${name}`);
      await runOn(databaseUrl, `vacuum analyze ${tables.join(', ')}`);
    },
  };
}

/** Whoever claims has locked the lanes before. */
const takeBack = `begin;
  select from specline.webhook_lane order by organization_id, endpoint_id for update;
  with taken as (
    delete from specline.webhook_waiting where lease_token is null returning organization_id, delivery_id)
  update specline.webhook_delivery d set state = 'cancelled' from taken t
  where d.organization_id = t.organization_id and d.delivery_id = t.delivery_id;
  commit`;

/** Ids begin with the time, as those of the service do. */
const fill = `with lanes as (
    update specline.webhook_lane set due_at = now() where settings ->> 'url' like '%' || $1 returning endpoint_id)
  insert into specline.webhook_delivery (organization_id, delivery_id, endpoint_id, cause, event_id, type, stream_id,
    stream_version, seq, payload, state, next_attempt_at)
  select d.organization_id, (lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0') || '7' ||
      substr(gen_random_uuid()::text, 16))::uuid, d.endpoint_id, 'resend', d.event_id, d.type, d.stream_id, d.stream_version,
    d.seq, d.payload, 'pending', now()
  from lanes join specline.webhook_delivery d using (endpoint_id), generate_series(1, $2::int) where d.cause = 'event'`;
