import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runOn } from './workbench.mjs';

const statement = readFileSync(join(import.meta.dirname, 'history.sql'), 'utf8');

/**
 * Writes the history of many specs into a migrated database, read models left empty (history.sql).
 *
 * @param {string} url
 * @param {{ streams: number, eventsPerStream: number }} size
 */
export async function writeHistory(url, { streams, eventsPerStream }) {
  await runOn(url, statement, [streams, eventsPerStream]);
  await runOn(url, 'vacuum analyze specline.event, specline.stream');
}
