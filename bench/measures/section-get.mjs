import { startBareFastify } from '../floors/floor-servers.mjs';
import { compare } from '../rounds.mjs';
import { importDocuments, startService } from '../service.mjs';
import { underLoad } from './contenders.mjs';

/**
 * GET of one section as JSON from 40 connections.
 *
 * @type {import('../measures.mjs').Measure}
 */
export async function measure(name, workbench, effort) {
  const service = await startService(workbench);
  const tenant = await importDocuments(service, 200);
  const plan = { traffic: /** @type {const} */ ('sectionReads'), connections: 40, tenant };
  const [subject, ...floors] = await underLoad(workbench, plan, {
    specline: service,
    bare_fastify_select: await startBareFastify(workbench, tenant),
  });
  await compare({ measure: name, unit: 'requests/s', subject, floors }, effort);
}
