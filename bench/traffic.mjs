import { randomUUID } from 'node:crypto';
import { corpusFiles } from './corpus.mjs';
import { headerOf } from './http-connection.mjs';
import { sectionBodies } from './documents.mjs';

/**
 * What is asked over HTTP. A talk is one connection's side of it: the next request (nothing when it is done), and what
 * it learns from the answer. Every server gets the same requests, floors included.
 *
 * @typedef {import('./http-connection.mjs').Request} Request
 * @typedef {import('./http-connection.mjs').Answer} Answer
 * @typedef {{ next: (timeIsUp: boolean) => Request | undefined, answered?: (answer: Answer) => void }} Talk
 * @typedef {{ specId: string, key: string }} Section
 * @typedef {{ organizationId: string, apiKey: string, sections: Section[] }} Tenant
 * @typedef {{ connections: number, tenant: Tenant }} Plan
 */

/** @type {Record<'sectionUpdates' | 'sectionReads' | 'imports', (plan: Plan) => Talk[] | Promise<Talk[]>>} */
export const traffics = { sectionUpdates, sectionReads, imports };

/**
 * PATCH of a random section of the specs that belong to the connection, so that writers do not collide, with the tag
 * that the last answer gave and a new Idempotency-Key each time.
 *
 * @param {Plan} plan
 * @returns {Talk[]}
 */
function sectionUpdates({ connections, tenant }) {
  const bodies = sectionBodies(500);
  let count = 0;
  return shares(tenant.sections, connections).map((share) => {
    /** @type {Map<object, string>} */
    const tags = new Map();
    let section = share[0];
    return {
      next(timeIsUp) {
        if (timeIsUp) return undefined;
        section = randomOf(share);
        const body = `${bodies[++count % bodies.length]}\nThis is revision ${count} of ${process.pid}.\n`;
        return sectionUpdate(tenant, section, body, tags.get(section));
      },
      answered({ head }) {
        const tag = headerOf(head, 'etag');
        if (tag) tags.set(section, tag);
      },
    };
  });
}

/**
 * One update, in the form in which all of them are sent.
 *
 * @param {Omit<Tenant, 'sections'>} tenant
 * @param {Section} section
 * @param {string} body
 * @param {string} [tag] the one that the last answer gave
 * @returns {Request}
 */
export function sectionUpdate(tenant, section, body, tag = '*') {
  return {
    method: 'PATCH',
    path: pathOf(tenant, section),
    headers: `${authorization(tenant)}Content-Type: application/json\r\nIf-Match: ${tag}\r\nIdempotency-Key: ${randomUUID()}\r\n`,
    body: JSON.stringify({ body }),
  };
}

/**
 * GET of any section as JSON.
 *
 * @param {Plan} plan
 * @returns {Talk[]}
 */
function sectionReads({ connections, tenant }) {
  const headers = `${authorization(tenant)}Accept: application/json\r\n`;
  const next = (/** @type {boolean} */ timeIsUp) =>
    timeIsUp ? undefined : { method: 'GET', path: pathOf(tenant, randomOf(tenant.sections)), headers };
  return Array.from({ length: connections }, () => ({ next }));
}

/**
 * POST of the corpus' files as new specs, the connections sharing one queue; always whole passes, so that every round
 * has the same mix of sizes.
 *
 * @param {Plan} plan
 * @returns {Talk[]}
 */
function imports({ connections, tenant }) {
  const files = corpusFiles();
  const path = `/v1/organizations/${tenant.organizationId}/specs`;
  const headers = `${authorization(tenant)}Content-Type: text/markdown\r\n`;
  let at = 0;
  const next = (/** @type {boolean} */ timeIsUp) => {
    if (at === files.length) {
      if (timeIsUp) return undefined;
      at = 0;
    }
    return { method: 'POST', path, headers, body: files[at++].bytes };
  };
  return Array.from({ length: connections }, () => ({ next }));
}

/** @param {{ apiKey: string }} tenant */
const authorization = ({ apiKey }) => `Authorization: Bearer ${apiKey}\r\n`;

/**
 * @param {{ organizationId: string }} tenant
 * @param {Section} section
 */
const pathOf = ({ organizationId }, { specId, key }) =>
  `/v1/organizations/${organizationId}/specs/${specId}/sections/${key}`;

/**
 * @template T
 * @param {T[]} values
 * @returns {T}
 */
const randomOf = (values) => values[Math.floor(Math.random() * values.length)];

/**
 * The sections of each connection: whole specs, dealt out in turn.
 *
 * @param {Section[]} sections
 * @param {number} connections
 */
function shares(sections, connections) {
  const specIds = [...new Set(sections.map(({ specId }) => specId))];
  const owner = new Map(specIds.map((specId, at) => [specId, at % connections]));
  return Array.from({ length: connections }, (_, at) => sections.filter(({ specId }) => owner.get(specId) === at));
}
