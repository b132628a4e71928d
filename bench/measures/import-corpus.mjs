import { corpusMissing } from '../corpus.mjs';
import { startBareFastify } from '../floors/floor-servers.mjs';
import { compare, tell } from '../rounds.mjs';
import { startService } from '../service.mjs';
import { underLoad } from './contenders.mjs';

/**
 * POST of the 144 files at the tip of the corpus as new specs, from 4 connections. The floor writes each file into
 * one row.
 *
 * @type {import('../measures.mjs').Measure}
 */
export async function measure(name, workbench, effort) {
  if (corpusMissing) return tell(`${name} is skipped: ${corpusMissing}`);
  const service = await startService(workbench);
  const { organizationId, apiKey } = service;
  const tenant = { organizationId, apiKey, sections: [] };
  const plan = { traffic: /** @type {const} */ ('imports'), connections: 4, tenant };
  const [subject, ...floors] = await underLoad(workbench, plan, {
    specline: service,
    bare_fastify_insert: await startBareFastify(workbench),
  });
  await compare({ measure: name, unit: 'files/s', subject, floors }, effort);
}
