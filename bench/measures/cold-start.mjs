import { HttpConnection } from '../http-connection.mjs';
import { median, report, tell } from '../rounds.mjs';
import { importDocuments, install, startEventStore, startService } from '../service.mjs';
import { sectionUpdate } from '../traffic.mjs';
import { runOn } from '../workbench.mjs';

/** @typedef {import('../traffic.mjs').Section} Section */

/** How many processes are started in each round. */
const perRound = 3;

/**
 * The first `spec.section.update` of a process on a spec of 100,000 events with a snapshot against that on a spec of
 * 100, over HTTP. Each process has answered for a third spec before, so that neither has to wait for connections to be
 * opened and code to be compiled, and the two take turns in being first.
 *
 * @type {import('../measures.mjs').Measure}
 */
export async function measure(name, workbench, { rounds }) {
  const installation = await install(workbench);
  const [long, short, other] = await prepare(workbench, installation);
  /** @type {{ long: number[], short: number[] }} */
  const milliseconds = { long: [], short: [] };
  for (let start = 0; start < rounds * perRound; start++) {
    const service = await startService(workbench, installation);
    const connection = await HttpConnection.open(service.port);
    const timed = async (/** @type {Section} */ section) => {
      const began = performance.now();
      const { status, body } = await connection.request(sectionUpdate(installation, section, `Start ${start}.\n`));
      if (status !== 200) throw new Error(`the update was answered with ${status}: ${body}`);
      return performance.now() - began;
    };
    for (let again = 0; again < 20; again++) await timed(other);
    const order = /** @type {const} */ ([
      ['long', long],
      ['short', short],
    ]);
    for (const [which, section] of start % 2 === 0 ? order : order.toReversed()) {
      milliseconds[which].push(await timed(section));
    }
    connection.close();
    await service.stop();
    tell(
      `${name} start ${start + 1}/${rounds * perRound}: ${milliseconds.long.at(-1)?.toFixed(1)} ms with 100,000 events, ${milliseconds.short.at(-1)?.toFixed(1)} ms with 100`,
    );
  }
  const [value, floorValue] = [median(milliseconds.long), median(milliseconds.short)];
  report({ measure: name, unit: 'ms', value, floor: 'spec_of_100', floorValue });
}

/**
 * Three specs, one section of each: of one with 100,000 events, one with 100, and one as it was imported. Of the first two
 * there are snapshots.
 *
 * @param {import('../workbench.mjs').Workbench} workbench
 * @param {import('../service.mjs').Installation} installation
 * @returns {Promise<Section[]>}
 */
async function prepare(workbench, installation) {
  const { databaseUrl, organizationId } = installation;
  const service = await startService(workbench, installation);
  const { sections } = await importDocuments(service, 3);
  await service.stop();
  const firsts = sections.filter(({ specId }, at) => specId !== sections[at - 1]?.specId);

  tell('filling a spec of 100,000 events');
  const store = await startEventStore(workbench, { databaseUrl });
  for (const [at, events] of [100_000, 100].entries()) {
    const { specId } = firsts[at];
    const keys = sections.filter((section) => section.specId === specId).map(({ key }) => key);
    await store.fill({ streams: [{ organizationId, type: 'spec', id: specId }], events, sections: keys });
  }
  await store.stop();

  const folding = await startService(workbench, installation);
  const connection = await HttpConnection.open(folding.port);
  for (const section of firsts) await connection.request(sectionUpdate(installation, section, 'Folded.\n'));
  connection.close();
  await folding.stop();
  const { rows } = await runOn(databaseUrl, 'select from specline.snapshot where stream_id = any ($1)', [
    firsts.slice(0, 2).map(({ specId }) => specId),
  ]);
  if (rows.length < 2) throw new Error('there are no snapshots to start from');
  return firsts;
}
