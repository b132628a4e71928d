import { randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { document } from './documents.mjs';
import { HttpConnection } from './http-connection.mjs';
import { built, dist, poolSize } from './workbench.mjs';

/** @typedef {import('./traffic.mjs').Tenant & { bodies: string[] }} FilledTenant */

/**
 * Starts the service as its users do, on a database of its own.
 *
 * @param {import('./workbench.mjs').Workbench} workbench
 * @returns {Promise<{ port: number, pid: number | undefined, organizationId: string, apiKey: string }>}
 */
export async function startService(workbench) {
  const databaseUrl = await workbench.createDatabase();
  const { migrate } = await built('migrate');
  await migrate(databaseUrl);
  const port = await freePort();
  const organizationId = randomUUID();
  const apiKey = `spk_${randomBytes(32).toString('base64url')}`;
  const child = workbench.start('the service', join(dist, 'src/main.js'), {
    DATABASE_URL: databaseUrl,
    // As `npm start` does.
    NODE_OPTIONS: '--max-semi-space-size=64',
    HOST: '127.0.0.1',
    PORT: String(port),
    SPECLINE_MASTER_KEY: randomBytes(32).toString('base64'),
    SPECLINE_DATABASE_CONNECTIONS: String(poolSize),
    SPECLINE_BOOTSTRAP_ORGANIZATION_ID: organizationId,
    SPECLINE_BOOTSTRAP_API_KEY: apiKey,
  });
  await child.whileRunning(untilReady(port));
  return { port, pid: child.pid, organizationId, apiKey };
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
