import { randomUUID } from 'node:crypto';
import type { Forger } from './forger.js';

/** One thing that a forger does; `eventId` is the event that he has it in for, which may be gone already. */
export type Step = (forger: Forger, eventId: string) => Promise<void>;

const changing =
  (assignments: string): Step =>
  (forger, eventId) =>
    forger.change(eventId, assignments);
const onOwn =
  (statement: string): Step =>
  (forger) =>
    forger.unguarded({ text: statement, values: [forger.organizationId] });
/** An event of the kind that stands there, that never was. */
const inserting =
  (place: 'behind it' | 'at the end of its stream'): Step =>
  async (forger, eventId) => {
    const events = await forger.events();
    const target = events.find((event) => event.eventId === eventId);
    if (!target) return;
    const own = events.filter(({ streamId }) => streamId === target.streamId);
    const behind = place === 'behind it' ? target : own.reduce((a, b) => (b.version > a.version ? b : a));
    const payload = { ...target.payload, title: 'Forged' };
    await forger.insertBehind(behind, { ...target, eventId: randomUUID(), payload });
  };
/** Exchanges something with the event before it in its stream. */
const swapping =
  (column: 'version' | 'seq' | 'payload'): Step =>
  async (forger, eventId) => {
    const events = await forger.events();
    const target = events.find((event) => event.eventId === eventId);
    const other = events.find((event) => event.streamId === target?.streamId && event.version === target.version - 1);
    if (!target || !other) return;
    const put = (id: string, value: unknown) => ({
      text: `update specline.event set ${column} = $3 where organization_id = $1 and event_id = $2`,
      values: [forger.organizationId, id, value],
    });
    const between = column === 'version' ? [put(target.eventId, 1_000_000)] : [];
    await forger.unguarded(...between, put(other.eventId, target[column]), put(target.eventId, other[column]));
  };

/** What is done to where events stand, and not to what they say: done to one, it may move another. */
export const placing = new Set([
  'drops it',
  'drops the end of its stream',
  'inserts an event behind it',
  'inserts an event at the end',
  'swaps it with the one before',
  'swaps what it says with the one before',
  'swaps its place in history',
  'moves it to another stream',
]);

/** What is done to events. */
export const eventSteps: Record<string, Step> = {
  'alters what an event says': changing(`payload = payload || '{"title":"Forged"}'`),
  'alters who did it': changing(`metadata = jsonb_set(metadata, '{actor,name}', '"Mallory"')`),
  'alters when it was': changing(`recorded_at = recorded_at - interval '1 day'`),
  'alters its type': changing(`type = 'spec.document.forged'`),
  'alters its hash': changing(`hash = sha256('forged')`),
  'alters the hash before it': changing(`previous_hash = sha256('forged')`),
  'gives it another id': (forger, eventId) => forger.change(eventId, `event_id = '${randomUUID()}'`),
  'drops it': (forger, eventId) =>
    forger.unguarded({
      text: 'delete from specline.event where organization_id = $1 and event_id = $2',
      values: [forger.organizationId, eventId],
    }),
  'drops the end of its stream': (forger, eventId) =>
    forger.unguarded({
      text: `delete from specline.event e using specline.event t where t.organization_id = $1 and t.event_id = $2
        and e.organization_id = $1 and e.stream_id = t.stream_id and e.version >= t.version`,
      values: [forger.organizationId, eventId],
    }),
  'inserts an event behind it': inserting('behind it'),
  'inserts an event at the end': inserting('at the end of its stream'),
  'swaps it with the one before': swapping('version'),
  'swaps what it says with the one before': swapping('payload'),
  'swaps its place in history': swapping('seq'),
  'moves it to another stream': (forger, eventId) =>
    forger.unguarded({
      text: `update specline.event e set stream_id = o.stream_id, version = o.version + 1
        from (select stream_id, max(version) as version from specline.event where organization_id = $1
          and stream_id <> (select stream_id from specline.event where organization_id = $1 and event_id = $2)
          group by 1 order by 2 desc, 1 limit 1) o
        where organization_id = $1 and event_id = $2`,
      values: [forger.organizationId, eventId],
    }),
};

/** All that can be done without the service's key. */
export const takeover = 'hashes everything anew, rewrites the ledger and seals it under a key of his own';

/** What is done to what keeps events in place. */
export const guardSteps: Record<string, Step> = {
  'hashes its stream anew': async (forger, eventId) => forger.rehash((await forger.find(eventId))?.streamId),
  'hashes everything anew': (forger) => forger.rehash(),
  'rewrites the ledger': (forger) => forger.rewriteLedger(),
  [takeover]: async (forger) => {
    await forger.rehash();
    await forger.rewriteLedger();
    await forger.reseal();
  },
  'seals anew under a key that he publishes': async (forger) => {
    await forger.publishKey();
    await forger.reseal();
  },
  'takes it out of the ledger': (forger, eventId) =>
    forger.unguarded({
      text: 'delete from specline.ledger_entry where organization_id = $1 and event_id = $2',
      values: [forger.organizationId, eventId],
    }),
  'changes its hash in the ledger': (forger, eventId) =>
    forger.unguarded({
      text: `update specline.ledger_entry set hash = sha256('forged') where organization_id = $1 and event_id = $2`,
      values: [forger.organizationId, eventId],
    }),
  'puts his own public key in the place of the service’s': (forger) =>
    forger.unguarded({
      text: 'update specline.signing_key set public_key = $1 where retired_at is null',
      values: [forger.key.published.publicKey],
    }),
  'takes the newest seal away': onOwn(`delete from specline.seal where organization_id = $1
    and number = (select max(number) from specline.seal where organization_id = $1)`),
  'takes the first seal away': onOwn('delete from specline.seal where organization_id = $1 and number = 1'),
  'plays an old seal again': onOwn(`update specline.seal s set size = o.size, root = o.root, previous = o.previous,
      sealed_at = o.sealed_at, key_id = o.key_id, signature = o.signature
    from specline.seal o where s.organization_id = $1 and o.organization_id = $1 and o.number = 1
      and s.number = (select max(number) from specline.seal where organization_id = $1)`),
  'gives a seal another size': onOwn(
    `update specline.seal set size = size - 1 where organization_id = $1 and number = 2`,
  ),
  'gives a seal another time': onOwn(
    `update specline.seal set sealed_at = sealed_at - interval '1 day' where organization_id = $1 and number = 2`,
  ),
  'alters what is read and not what happened': onOwn(
    `update specline.spec set title = 'Forged' where organization_id = $1`,
  ),
};
