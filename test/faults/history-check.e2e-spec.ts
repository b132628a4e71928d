import { inject, expect, test } from 'vitest';
import { faultGround, newDatabase } from '../support/fault-ground.js';
import type { Write } from '../support/fault-load.js';
import { Load } from '../support/fault-load.js';
import { checkHistory } from '../support/history-check.js';
import { runOn } from '../support/service.js';

const ground = faultGround();

/** In the stream with the most events: one in the middle that is the last of its write, the one after it, and the last. */
const chosen = `select stream_id into strict one from specline.event where type like 'spec.%'
    group by stream_id order by count(*) desc, stream_id limit 1;
  select * into strict middle from specline.event e where stream_id = one and version > 2 and command_id <>
    (select command_id from specline.event n where n.stream_id = one and n.version = e.version + 1) order by version limit 1;
  select * into strict next from specline.event where stream_id = one and version = middle.version + 1;
  select * into strict last from specline.event where stream_id = one order by version desc limit 1;`;
/** A copy of the last event behind it, as a write that was done twice would be. */
const again = `insert into specline.event (organization_id, stream_id, version, event_id, type, schema_version, payload,
    metadata, command_id, recorded_at, previous_hash, hash)
  values (last.organization_id, one, last.version + 1, gen_random_uuid(), last.type, last.schema_version, last.payload,
    last.metadata, last.command_id, last.recorded_at, last.hash, last.hash);
  update specline.stream set version = version + 1 where stream_id = one;`;
const delivered = `update specline.diary d set version = case d.version when middle.version then next.version else middle.version end,
    seq = case d.version when middle.version then next.seq else middle.seq end where stream_id = one and version in (middle.version, next.version);`;

/** What is done to a good history, past all guards; and the rules that must be named. */
const tampering: Record<string, { how: string; named: string[] }> = {
  'an event of the middle removed': {
    how: `delete from specline.event where event_id = middle.event_id;`,
    named: ['gap', 'chain', 'lost', 'told what is not there'],
  },
  'the last event removed': {
    how: `delete from specline.event where event_id = last.event_id;`,
    named: ['stream', 'lost', 'projection', 'told what is not there'],
  },
  'the last event and its place in the stream removed': {
    how: `delete from specline.event where event_id = last.event_id;
      update specline.stream set version = version - 1, last_hash = last.previous_hash where stream_id = one;`,
    named: ['lost', 'projection'],
  },
  'a write done twice': { how: again, named: ['doubled', 'hash', 'not told'] },
  'a write done twice as another command': {
    how: again.replace('last.command_id', 'gen_random_uuid()'),
    named: ['doubled', 'command'],
  },
  'two events that swapped their positions': {
    how: `update specline.event set seq = case version when middle.version then next.seq else middle.seq end
      where stream_id = one and version in (middle.version, next.version);`,
    named: ['inverted', 'answer'],
  },
  'two events with the same position': {
    how: `update specline.event set seq = middle.seq where event_id = next.event_id;`,
    named: ['doubled seq'],
  },
  'two events with the same id': {
    how: `update specline.event set event_id = middle.event_id where event_id = next.event_id;`,
    named: ['doubled eventId', 'hash'],
  },
  'two events that swapped what they say': {
    how: `update specline.event set payload = case version when middle.version then next.payload else middle.payload end
      where stream_id = one and version in (middle.version, next.version);`,
    named: ['hash', 'altered'],
  },
  'an event of an earlier time': {
    how: `update specline.event set recorded_at = recorded_at - interval '1 hour' where event_id = next.event_id;`,
    named: ['time', 'hash'],
  },
  'a row of a projection altered': {
    how: `update specline.spec_section set body = body || '.' where spec_id = one and key = 'overview';`,
    named: ['projection: body'],
  },
  'a row of a projection removed': {
    how: `delete from specline.spec_section where spec_id = one and key = 'overview';`,
    named: ['projection'],
  },
  'a row of a projection behind the others': {
    how: `update specline.spec set version = version - 1 where spec_id = one;`,
    named: ['projection: version'],
  },
  'a record of a command that says something else': {
    how: `update specline.command set version = version + 1 where command_id = middle.command_id;`,
    named: ['command'],
  },
  'a snapshot that was never folded': {
    how: `insert into specline.snapshot values (middle.organization_id, one, 'spec', 'x', middle.version, middle.seq, middle.hash,
      middle.recorded_at, '{}');`,
    named: ['snapshot'],
  },
  'an event that a subscription was not told of': {
    how: `delete from specline.diary where stream_id = one and version = middle.version;`,
    named: ['not told', 'told too early'],
  },
  'an event that a subscription was told of twice': {
    how: `insert into specline.diary (subscription, organization_id, stream_id, version, seq)
      values ('recorder', middle.organization_id, one, middle.version, middle.seq);`,
    named: ['told twice'],
  },
  'events that a subscription was told of in another order': {
    how: delivered,
    named: ['told twice or too late', 'told too early'],
  },
  'a watermark that stands still': {
    how: `update specline.watermark set position = position - 1;`,
    named: ['watermark'],
  },
  'an entry of the ledger that is another event’s': {
    how: `update specline.ledger_entry set hash = next.hash where event_id = middle.event_id;`,
    named: ['ledger'],
  },
  'an entry of the ledger removed': {
    how: `delete from specline.ledger_entry where event_id = middle.event_id;`,
    named: ['ledger'],
  },
  'a seal of another history': {
    how: `update specline.seal set root = middle.hash where number = 1;`,
    named: ['seal: 1 is of another history'],
  },
  'a seal removed': {
    how: `delete from specline.seal where number = (select max(number) from specline.seal);`,
    named: ['seal'],
  },
  'a parked event': {
    how: `insert into specline.dead_letter values ('recorder', middle.organization_id, one, middle.version, middle.seq, 'x');`,
    named: ['parked'],
  },
};

test('whatever is wrong with a history is named', async () => {
  const service = await ground.start();
  const load = new Load(() => service.url);
  await load.run(80, 8);
  const { findings, checked } = await checkHistory(ground.databaseUrl, load.writes);
  expect(findings).toEqual([]);
  await service.end();

  const [write, ...others] = load.writes as [Write, ...Write[]];
  const check = async (writes: Write[]) => (await checkHistory(ground.databaseUrl, writes)).findings.join('\n');
  expect(await check(others)).toMatch(/^uncalled/);
  expect(await check([...others, { ...write, answer: undefined }])).toMatch(/^unanswered/);
  expect(await check([...load.writes, { ...write, key: 'never-done' }])).toMatch(/^lost/);
  const { status = 0, receipt } = write.answer ?? {};
  for (const told of [{ version: 99 }, { seq: 1 }, { contentHash: 'x' }]) {
    const answer = { status, receipt: { ...receipt, ...told } as NonNullable<Write['answer']>['receipt'] };
    expect(await check([...others, { ...write, answer }])).toMatch(/^answer/);
  }

  for (const [what, { how, named }] of Object.entries(tampering)) {
    const copy = await newDatabase(inject('postgresUrl'), new URL(ground.databaseUrl).pathname.slice(1));
    await runOn(
      copy,
      `set session_replication_role = replica;
        do $$ declare one uuid; middle specline.event; next specline.event; last specline.event;
        begin ${chosen} ${how} end $$`,
    );
    const found = (await checkHistory(copy, load.writes, { patience: 0 })).findings;
    for (const rule of named) expect(found, what).toContainEqual(expect.stringMatching(`^${rule}`));
    await runOn(inject('postgresUrl'), `drop database ${new URL(copy).pathname.slice(1)} with (force)`);
  }
  const lies = Object.keys(tampering).length + 6;
  process.stderr.write(`history check: ${lies} wrong histories named, ${JSON.stringify(checked)}\n`);
});
