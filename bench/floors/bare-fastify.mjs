import { randomUUID } from 'node:crypto';
import fastify from 'fastify';
import pg from 'pg';
import { serveRuns } from '../run-protocol.mjs';

/**
 * The floor under HTTP: Fastify and pg as they come, one statement a request, no key check, no validation, no
 * decision. PATCH and POST are one insert into a log with an identity and a unique (stream, version); GET is one
 * select by primary key.
 */
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: Number(process.env.POOL_SIZE) });

const insert = {
  name: 'insert',
  text: `insert into log (event_id, stream_id, version, type, payload, metadata, recorded_at)
    values ($1, $2, $3, $4, $5, $6, $7) returning id`,
};
const select = {
  name: 'select',
  text: 'select key, heading, body, content_hash as "contentHash", version from section where spec_id = $1 and key = $2',
};

const app = fastify({ bodyLimit: 4 * 1024 * 1024 });
app.addContentTypeParser('text/markdown', { parseAs: 'string' }, (_request, body, done) => done(null, body));

let version = 0;
const append = async (/** @type {string} */ streamId, /** @type {string} */ type, /** @type {object} */ payload) => {
  const metadata = { actor: { id: streamId, kind: 'human' }, requestId: randomUUID() };
  version++;
  const values = [randomUUID(), streamId, version, type, JSON.stringify(payload), JSON.stringify(metadata), new Date()];
  const { rows } = await pool.query({ ...insert, values });
  return { specId: streamId, version, seq: Number(rows[0].id) };
};

/** @typedef {{ specId: string, sectionKey: string }} SectionPath */
const path = '/v1/organizations/:organizationId/specs';

app.patch(`${path}/:specId/sections/:sectionKey`, (request) => {
  const { specId, sectionKey } = /** @type {SectionPath} */ (request.params);
  const { body } = /** @type {{ body: string }} */ (request.body);
  return append(specId, 'spec.section.updated', { key: sectionKey, body });
});

app.post(path, async (request, reply) => {
  reply.status(201);
  return append(randomUUID(), 'spec.imported', { markdown: request.body });
});

app.get(`${path}/:specId/sections/:sectionKey`, async (request, reply) => {
  const { specId, sectionKey } = /** @type {SectionPath} */ (request.params);
  const { rows } = await pool.query({ ...select, values: [specId, sectionKey] });
  return rows[0] ?? reply.status(404).send({ status: 404 });
});

const address = await app.listen({ host: '127.0.0.1', port: 0 });
serveRuns({ port: Number(new URL(address).port) });
