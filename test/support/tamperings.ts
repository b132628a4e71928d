import { expect } from 'vitest';
import type pg from 'pg';
import type { Check } from '../../src/modules/audit/verification-problem.js';
import type { EventStatement } from '../../src/modules/event-store/history.js';
import { chainHash, stateEvent } from '../../src/modules/event-store/history.js';
import type { EventJson } from './specs.js';

/** Changes the tables as only a superuser can: without their triggers. */
export async function tamper(client: pg.Client, statement: string, values: unknown[] = []): Promise<void> {
  await client.query('begin');
  try {
    await client.query('set local session_replication_role = replica');
    const { rowCount } = await client.query(statement, values);
    expect(rowCount, statement).toBeGreaterThan(0);
  } finally {
    await client.query('commit');
  }
}

/** What a superuser does to the third version of a spec, and what of it is seen in both kinds of export. */
export type Tampering = {
  does: string;
  whole: Check[];
  spec: Check[];
  run: (client: pg.Client, event: EventJson) => Promise<void>;
};
const byId = (change: string) => (client: pg.Client, event: EventJson) =>
  tamper(client, `update specline.event set ${change} where event_id = $1`, [event.eventId]);
export const tamperings: Tampering[] = [
  {
    does: 'changes what it says',
    whole: ['event_altered'],
    spec: ['event_altered'],
    run: byId(`payload = '{"title":"Forged"}'`),
  },
  {
    does: 'changes who did it',
    whole: ['event_altered'],
    spec: ['event_altered'],
    run: byId(`metadata = jsonb_set(metadata, '{actor,name}', '"Mallory"')`),
  },
  {
    does: 'changes when it was',
    whole: ['event_altered'],
    spec: ['event_altered'],
    run: byId(`recorded_at = recorded_at - interval '1 day'`),
  },
  { does: 'changes its hash', whole: ['event_altered'], spec: ['event_altered'], run: byId(`hash = sha256('x')`) },
  {
    does: 'changes the hash before',
    whole: ['event_altered'],
    spec: ['event_altered'],
    run: byId(`previous_hash = sha256('x')`),
  },
  {
    does: 'moves it in history',
    whole: ['event_reordered'],
    spec: ['event_inserted'],
    run: byId('seq = seq + 100000'),
  },
  {
    does: 'changes it with its hash',
    whole: ['event_altered'],
    spec: ['wrong_proof'],
    run: (client, event) => forge(client, event, 'update', event.version),
  },
  {
    does: 'takes it out',
    whole: ['event_removed'],
    spec: ['event_removed'],
    run: (client, event) => tamper(client, 'delete from specline.event where event_id = $1', [event.eventId]),
  },
  {
    does: 'takes it out of the ledger as well',
    whole: ['event_removed'],
    spec: ['event_removed'],
    run: async (client, event) => {
      await tamper(client, 'delete from specline.event where event_id = $1', [event.eventId]);
      await tamper(client, 'delete from specline.ledger_entry where event_id = $1', [event.eventId]);
    },
  },
  {
    does: 'changes it everywhere',
    whole: ['wrong_root'],
    spec: ['wrong_proof'],
    run: async (client, event) => {
      await forge(client, event, 'update', event.version);
      await tamper(
        client,
        `update specline.ledger_entry l set hash = e.hash from specline.event e where l.event_id = $1 and e.event_id = $1`,
        [event.eventId],
      );
    },
  },
];

type Stored = Pick<EventStatement, 'organizationId' | 'streamId' | 'metadata' | 'commandId'>;

/** Puts a title into an event and computes its hash anew, as the service would. */
export async function forge(
  client: pg.Client,
  event: EventJson,
  how: 'update' | 'insert',
  version: number,
): Promise<void> {
  const { rows } = await client.query<Stored>(
    `select organization_id as "organizationId", stream_id as "streamId", metadata, command_id as "commandId"
      from specline.event where event_id = $1`,
    [event.eventId],
  );
  const [stored] = rows;
  if (!stored) throw new Error('the event is stored');
  const eventId = how === 'insert' ? '01994f6e-6c1c-7a8e-9d1e-00000000f0f0' : String(event.eventId);
  const payload = { title: 'Forged' };
  const recordedAt = String(event.recordedAt);
  const statement = stateEvent({
    ...stored,
    eventId,
    type: event.type,
    schemaVersion: 1,
    payload,
    version,
    recordedAt,
  });
  const previous = how === 'insert' ? String(event.hash) : String(event.previousHash);
  const hash = chainHash(previous, statement);
  if (how === 'update') {
    await tamper(client, `update specline.event set payload = $2, hash = decode($3, 'hex') where event_id = $1`, [
      eventId,
      payload,
      hash,
    ]);
    return;
  }
  await tamper(
    client,
    `insert into specline.event (organization_id, stream_id, version, seq, event_id, type, schema_version, payload, metadata,
        command_id, recorded_at, previous_hash, hash)
      select organization_id, stream_id, $2, seq, $3, type, 1, $4, metadata, command_id, recorded_at,
        hash, decode($5, 'hex') from specline.event where event_id = $1`,
    [event.eventId, version, eventId, payload, hash],
  );
}
