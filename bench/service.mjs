import { randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { document } from './documents.mjs';
import { HttpConnection } from './http-connection.mjs';
import { built, dist, poolSize, runOn } from './workbench.mjs';

/** @typedef {import('./traffic.mjs').Tenant & { bodies: string[] }} FilledTenant */
/** @typedef {Awaited<ReturnType<typeof install>>} Installation */

/** As `npm start` has it. */
const nodeOptions = '--max-semi-space-size=64';

/**
 * What a service is started with: a database of its own with the product's tables, and secrets.
 *
 * @param {import('./workbench.mjs').Workbench} workbench
 */
export async function install(workbench) {
  return {
    databaseUrl: await migratedDatabase(workbench),
    organizationId: randomUUID(),
    apiKey: `spk_${randomBytes(32).toString('base64url')}`,
    masterKey: randomBytes(32).toString('base64'),
  };
}

/**
 * Starts the service as its users do.
 *
 * @param {import('./workbench.mjs').Workbench} workbench
 * @param {Installation} [installation] that another process served before; a new one by default
 * @param {NodeJS.ProcessEnv} [settings] more of them
 */
export async function startService(workbench, installation, settings = {}) {
  const { databaseUrl, organizationId, apiKey, masterKey } = installation ?? (await install(workbench));
  const port = await freePort();
  const child = workbench.start('the service', join(dist, 'src/main.js'), {
    DATABASE_URL: databaseUrl,
    NODE_OPTIONS: nodeOptions,
    HOST: '127.0.0.1',
    PORT: String(port),
    SPECLINE_MASTER_KEY: masterKey,
    SPECLINE_DATABASE_CONNECTIONS: String(poolSize),
    SPECLINE_BOOTSTRAP_ORGANIZATION_ID: organizationId,
    SPECLINE_BOOTSTRAP_API_KEY: apiKey,
    ...settings,
  });
  await child.whileRunning(untilReady(port));
  const settle = () => untilSettled({ port, organizationId, apiKey });
  return { port, pid: child.pid, organizationId, apiKey, settle, stop: () => child.stop() };
}

/**
 * Until the trail, which gives way to requests, has caught up with what was written.
 *
 * @param {{ port: number, organizationId: string, apiKey: string }} service
 */
async function untilSettled({ port, organizationId, apiKey }) {
  const url = `http://127.0.0.1:${port}/v1/organizations/${organizationId}/audit/events?limit=1`;
  for (let attempt = 0; attempt < 10; attempt++) {
    const { headers } = await fetch(url, { headers: { authorization: `Bearer ${apiKey}`, prefer: 'wait=30' } });
    if (headers.has('preference-applied')) return;
  }
  throw new Error('the trail had not caught up after 300 s');
}

/**
 * Imports generated documents over HTTP.
 *
 * @param {{ port: number, organizationId: string, apiKey: string }} service
 * @param {number} count
 * @returns {Promise<FilledTenant>} every section of them, and its text
 */
export async function importDocuments({ port, organizationId, apiKey }, count) {
  const connection = await HttpConnection.open(port);
  const path = `/v1/organizations/${organizationId}/specs`;
  const authorization = `Authorization: Bearer ${apiKey}\r\n`;
  /** @type {FilledTenant} */
  const tenant = { organizationId, apiKey, sections: [], bodies: [] };
  const asked = async (/** @type {import('./http-connection.mjs').Request} */ request) => {
    const { status, body } = await connection.request(request);
    if (status > 299) throw new Error(`${request.method} ${request.path} was answered with ${status}: ${body}`);
    return JSON.parse(body.toString());
  };
  for (let number = 1; number <= count; number++) {
    const headers = `${authorization}Content-Type: text/markdown\r\n`;
    const { specId } = await asked({ method: 'POST', path, headers, body: document(number) });
    const { items } = await asked({ method: 'GET', path: `${path}/${specId}/sections`, headers: authorization });
    for (const { key, body } of items) {
      tenant.sections.push({ specId, key });
      tenant.bodies.push(body);
    }
  }
  connection.close();
  return tenant;
}

/**
 * The product's event store without HTTP (event-store.mjs), which does what the orders of appends.mjs say.
 *
 * @param {import('./workbench.mjs').Workbench} workbench
 * @param {{ databaseUrl?: string, workers?: boolean }} [options] a migrated database, a new one by default
 */
export async function startEventStore(workbench, { databaseUrl, workers = true } = {}) {
  const url = databaseUrl ?? (await migratedDatabase(workbench));
  const child = workbench.start('the event store', join(import.meta.dirname, 'event-store.mjs'), {
    DATABASE_URL: url,
    POOL_SIZE: String(poolSize),
    NODE_OPTIONS: nodeOptions,
    SPECLINE_WORKERS: String(workers),
  });
  await child.ready();
  return {
    stop: () => child.stop(),
    /** @type {(name: string, order: object) => import('./rounds.mjs').Contender} */
    contender: (name, order) => ({
      name,
      pid: child.pid,
      run: (seconds) => child.run({ ...order, seconds }),
      settle: async () => void (workers && (await child.run({ task: 'settle', seconds: 300 }))),
    }),
    /** @param {Omit<import('./appends.mjs').Fill, 'task'>} what */
    async fill(what) {
      await child.run({ task: 'fill', seconds: 300, ...what });
      // So that neither the vacuum nor the checkpoint that is due comes while something is measured.
      await runOn(url, 'vacuum analyze');
      await runOn(url, 'checkpoint');
    },
  };
}

/**
 * A database of its own with the product's tables.
 *
 * @param {import('./workbench.mjs').Workbench} workbench
 * @returns {Promise<string>} its URL
 */
export async function migratedDatabase(workbench) {
  const databaseUrl = await workbench.createDatabase();
  const { migrate } = await built('migrate');
  await migrate(databaseUrl);
  return databaseUrl;
}

/** @param {number} port */
async function untilReady(port) {
  for (let attempt = 0; attempt < 300; attempt++) {
    const { ok } = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => ({ ok: false }));
    if (ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the service was not ready after 30 s');
}

/** @returns {Promise<number>} */
async function freePort() {
  const probe = createServer();
  await new Promise((resolve, reject) => probe.once('error', reject).listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (probe.address());
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
