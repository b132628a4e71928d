import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { genesisHash } from '../../src/modules/event-store/history.js';

export type Place = { organizationId: string; streamId: string };

/** A connection as the application has it, for appending without the application. */
export async function connectAppender(databaseUrl: string, name = 'appender'): Promise<pg.Client> {
  const options = '-c role=specline_app -c statement_timeout=30s';
  const client = new pg.Client({ connectionString: databaseUrl, application_name: name, options });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** Appends events that say nothing to a stream, through the append function; answers its verdict. */
export async function appendTo(
  client: pg.Client,
  { organizationId, streamId }: Place,
  expected: number,
  count = 1,
  recordedAt = new Date(),
): Promise<{ status: string; version: number; seq: number }> {
  const commandId = randomUUID();
  const of = { item: 0, organizationId, streamId };
  const item = { ...of, streamType: 'test', expected, added: count, commandId, requestHash: null, response: {} };
  const events = Array.from({ length: count }, (_, n) => ({
    ...of,
    version: expected + n + 1,
    eventId: randomUUID(),
    type: n % 2 === 0 ? 'spec.section.removed' : 'spec.section.moved',
    schemaVersion: 1,
    payload: { n },
    metadata: {},
    commandId,
    recordedAt: recordedAt.toISOString(),
    previousHash: genesisHash,
    hash: genesisHash,
  }));
  const counts = [expected === 0 ? 1 : 0, expected === 0 ? 0 : 1, count];
  const values = [JSON.stringify([{ ...item, lastHash: genesisHash }]), JSON.stringify(events), '{}', ...counts];
  const { rows } = await client.query<{ status: string; version: number; seq: number }>(
    'select status, version, seq from specline.append($1, $2, $3, $4, $5, $6)',
    values,
  );
  const verdict = rows.at(-1);
  if (!verdict) throw new Error('there was no verdict');
  return verdict;
}

/** A new stream of a new organization. */
export const newPlace = (): Place => ({ organizationId: randomUUID(), streamId: randomUUID() });
