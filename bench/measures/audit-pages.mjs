import pg from 'pg';
import { fillAudit } from '../audit-fill.mjs';
import { HttpConnection } from '../http-connection.mjs';
import { report, tell } from '../rounds.mjs';
import { importDocuments, install, startService } from '../service.mjs';

/** Milliseconds at the 99th percentile: what a first page may take. */
const promised = 50;
const requests = 200;
const events = Number(process.env.BENCH_AUDIT_EVENTS ?? 5_000_000);

/**
 * First pages of everything that is asked of history, by an organization of some thousand events beside one that owns nine
 * tenths of all: one connection, one request after another, none of them asked for before.
 *
 * @type {import('../measures.mjs').Measure}
 */
export async function measure(name, workbench) {
  const installation = await install(workbench);
  const beginning = await startService(workbench, installation);
  const { sections, bodies } = await importDocuments(beginning, 10);
  await edited(beginning, sections.slice(0, 30), bodies);
  await new Promise((resolve) => setTimeout(resolve, 3000));
  await beginning.stop();
  const { databaseUrl, organizationId } = installation;
  await fillAudit(databaseUrl, { events, organizationId });

  const service = await startService(workbench, installation);
  const connection = await HttpConnection.open(service.port);
  const known = await samples(databaseUrl, organizationId);
  const one = (/** @type {string[]} */ all) => encodeURIComponent(all[Math.floor(Math.random() * all.length)] ?? '');
  const spec = () => sections[Math.floor(Math.random() * sections.length)]?.specId ?? '';
  /** @type {Record<string, () => string>} */
  const asked = {
    trail: () => '/audit/events',
    'trail.oldest': () => '/audit/events?order=oldest',
    'trail.actor': () => `/audit/events?actor=${one(known.actors)}`,
    'trail.principal': () => '/audit/events?principal=agent',
    'trail.on_behalf_of': () => '/audit/events?onBehalfOf=Nobody',
    'trail.spec': () => `/audit/events?spec=${one(known.specs)}`,
    'trail.section': () => `/audit/events?section=${one(known.sections)}`,
    'trail.command': () => '/audit/events?command=spec.section.update',
    'trail.type': () => '/audit/events?type=spec.lifecycle.deferred',
    'trail.transition': () => '/audit/events?transition=deferred',
    'trail.correlation': () => `/audit/events?correlation=${one(known.correlations)}`,
    'trail.kind': () => '/audit/events?kind=denied',
    'trail.range': () => `/audit/events?from=${one(known.times)}&order=oldest`,
    'trail.words': () => `/audit/events?q=${one(known.words)}`,
    'trail.spec_and_actor': () => `/audit/events?spec=${one(known.specs)}&actor=${one(known.actors)}`,
    story: () => `/specs/${one(known.specs)}/history`,
    diff: () => `/specs/${spec()}/diff`,
    blame: () => `/specs/${spec()}/blame`,
    'spec.at': () => `/specs/${spec()}?at=2999-01-01T00:00:00Z`,
    'specs.at': () => '/specs?at=2999-01-01T00:00:00Z',
    'events.after': () => '/events?after=0',
    'events.types': () => '/events?after=0&types=spec.lifecycle.deferred',
  };
  const headers = `Authorization: Bearer ${service.apiKey}\r\n`;
  for (const [query, path] of Object.entries(asked)) {
    /** @type {number[]} */
    const latencies = [];
    for (let request = 0; request < requests; request++) {
      const from = performance.now();
      const answer = await connection.request({
        method: 'GET',
        path: `/v1/organizations/${organizationId}${path()}`,
        headers,
      });
      latencies.push(performance.now() - from);
      if (answer.status !== 200) throw new Error(`${query}: ${answer.status} ${answer.body}`);
    }
    latencies.sort((one, other) => one - other);
    const at = (/** @type {number} */ share) => latencies[Math.floor(share * (latencies.length - 1))] ?? 0;
    tell(`${name} ${query}: p50 ${at(0.5).toFixed(1)} ms, p99 ${at(0.99).toFixed(1)} ms, most ${at(1).toFixed(1)} ms`);
    report({ measure: `${name}.${query}`, unit: 'ms', value: at(0.99), floor: 'promised', floorValue: promised });
  }
  connection.close();
}

/**
 * @param {{ port: number, organizationId: string, apiKey: string }} service
 * @param {{ specId: string, key: string }[]} sections
 * @param {string[]} bodies
 */
async function edited({ port, organizationId, apiKey }, sections, bodies) {
  const connection = await HttpConnection.open(port);
  const headers = `Authorization: Bearer ${apiKey}\r\nContent-Type: application/json\r\nIf-Match: *\r\n`;
  for (const [at, { specId, key }] of sections.entries()) {
    const path = `/v1/organizations/${organizationId}/specs/${specId}/sections/${key}`;
    const body = JSON.stringify({ body: `Edit ${at}.\n\n${bodies[at]}` });
    const { status, body: answer } = await connection.request({ method: 'PATCH', path, headers, body });
    if (status !== 200) throw new Error(`${path}: ${status} ${answer}`);
  }
  connection.close();
}

/**
 * What an organization's trail holds, to be asked for.
 *
 * @param {string} databaseUrl
 * @param {string} organizationId
 */
async function samples(databaseUrl, organizationId) {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const of = async (/** @type {string} */ column) => {
    const { rows } = await client.query(
      `select distinct ${column} as one from specline.audit_entry
        where organization_id = $1 and ${column} is not null and version is not null limit 500`,
      [organizationId],
    );
    return rows.map((row) => String(row.one));
  };
  const times = `to_char(recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
  try {
    return {
      actors: await of('actor_id'),
      specs: await of('spec_id'),
      sections: await of('section'),
      correlations: await of('correlation_id'),
      times: await of(times),
      words: (await of('substr(terms[1], 7)')).filter((word) => /^[a-z]{4,}$/.test(word)),
    };
  } finally {
    await client.end();
  }
}
