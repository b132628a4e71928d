import { startBareFastify, startNestTypeorm } from '../floors/floor-servers.mjs';
import { compare } from '../rounds.mjs';
import { importDocuments, startService } from '../service.mjs';
import { underLoad } from './contenders.mjs';

/**
 * `spec.section.update` over HTTP from 40 connections, all included: key check, validation, decision, append,
 * projection, idempotency record.
 *
 * @type {import('../measures.mjs').Measure}
 */
export async function measure(name, workbench, effort) {
  const service = await startService(workbench);
  const tenant = await importDocuments(service, 200);
  const plan = { traffic: /** @type {const} */ ('sectionUpdates'), connections: 40, tenant };
  const [subject, ...floors] = await underLoad(workbench, plan, {
    specline: service,
    bare_fastify_insert: await startBareFastify(workbench),
    nest_typeorm_save: await startNestTypeorm(workbench),
  });
  await compare({ measure: name, unit: 'requests/s', subject, floors }, effort);
}
