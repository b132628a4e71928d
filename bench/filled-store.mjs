import { runOn } from './workbench.mjs';
import { eventData, eventMetadata } from './documents.mjs';
import { tell } from './rounds.mjs';

/**
 * A store that has been in use for long, made by set-based SQL: organizations with streams of 10 events of about 1 KB,
 * each event with its idempotency record. Ids are numbers in the form of a UUID, so that whoever appends knows them. Only
 * the hashes are made up: an append takes the last one as it finds it.
 */
const organizations = 20;
const eventsPerStream = 10;
/** How many streams one statement makes. */
const portion = 20_000;

const fillStreams = `
  insert into specline.stream (organization_id, stream_id, stream_type, version, last_hash)
  select ${idOf('f', `n % ${organizations}`)}, ${idOf('a', 'n')}, 'spec', ${eventsPerStream}, ${hashOf('n', eventsPerStream)}
  from generate_series($1::bigint, $2::bigint) n`;
const fillCommands = `
  insert into specline.command (organization_id, command_id, request_hash, stream_id, version, response)
  select ${idOf('f', `n % ${organizations}`)}, ${idOf('c', `n * ${eventsPerStream} + version`)}, ${hashOf('n', 'version')},
    ${idOf('a', 'n')}, version, '{}'
  from generate_series($1::bigint, $2::bigint) n, generate_series(1, ${eventsPerStream}) version`;
const fillEvents = `
  insert into specline.event (organization_id, stream_id, version, event_id, type, schema_version, payload, metadata,
    command_id, recorded_at, previous_hash, hash)
  select ${idOf('f', `n % ${organizations}`)}, ${idOf('a', 'n')}, version, ${idOf('e', `n * ${eventsPerStream} + version`)},
    'spec.section.updated', 1, $3, $4, ${idOf('c', `n * ${eventsPerStream} + version`)}, clock_timestamp(),
    ${hashOf('n', 'version - 1')}, ${hashOf('n', 'version')}
  from generate_series($1::bigint, $2::bigint) n, generate_series(1, ${eventsPerStream}) version`;

/**
 * @param {string} databaseUrl of a migrated database without events
 * @param {number} events
 */
export async function fillStore(databaseUrl, events) {
  const streams = events / eventsPerStream;
  const start = performance.now();
  for (let first = 0; first < streams; first += portion) {
    const last = Math.min(first + portion, streams) - 1;
    await runOn(databaseUrl, fillStreams, [first, last]);
    await runOn(databaseUrl, fillCommands, [first, last]);
    const texts = [JSON.stringify(eventData), JSON.stringify(eventMetadata)];
    await runOn(databaseUrl, fillEvents, [first, last, ...texts]);
    const seconds = ((performance.now() - start) / 1000).toFixed(0);
    tell(`filled with ${(last + 1) * eventsPerStream} of ${events} events after ${seconds} s`);
  }
  await runOn(databaseUrl, 'vacuum analyze');
  await runOn(databaseUrl, 'checkpoint');
}

/**
 * Any stream of a filled store.
 *
 * @param {number} events that it was filled with
 * @returns {import('./appends.mjs').Stream}
 */
export function randomStream(events) {
  const number = Math.floor((Math.random() * events) / eventsPerStream);
  const uuid = (/** @type {string} */ kind, /** @type {number} */ n) =>
    `${kind}0000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
  return { organizationId: uuid('f', number % organizations), type: 'spec', id: uuid('a', number) };
}

/**
 * The same in SQL.
 *
 * @param {string} kind
 * @param {string} number
 */
function idOf(kind, number) {
  return `('${kind}0000000-0000-4000-8000-' || lpad(to_hex((${number})::bigint), 12, '0'))::uuid`;
}

/**
 * @param {string} stream
 * @param {string | number} version
 */
function hashOf(stream, version) {
  return `decode(lpad(to_hex((${stream})::bigint), 56, '0') || lpad(to_hex((${version})::int), 8, '0'), 'hex')`;
}
