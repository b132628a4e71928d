import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { RecordedEvent } from '../../src/modules/event-store/history.js';
import { genesisHash } from '../../src/modules/event-store/history.js';
import type { Write } from './fault-load.js';
import { checkLedgers } from './ledger-check.js';
import { foldAll } from './refold.js';
import type { StoredHistory } from './stored-history.js';
import { grouped, readHistory } from './stored-history.js';
import { runOn } from './service.js';

/** What is wrong, one line each, beginning with the rule that is broken; and how much was looked at. */
export type Verdict = {
  findings: string[];
  checked: { events: number; streams: number; writes: number; rows: number };
};

/**
 * Proves a history after a fault: nothing acknowledged is lost, nothing is doubled, altered or out of order, the chains
 * hold, every projection and snapshot is what the events fold to, the recording subscription was told everything
 * exactly once and in order, the ledgers hold and seal all of it, and the watermark reached the end.
 * @param writes everything that was asked for; an empty list where nobody kept account
 * @param options.patience milliseconds that background work may take to come to the end
 */
export async function checkHistory(
  databaseUrl: string,
  writes: readonly Write[],
  { patience = 30_000 } = {},
): Promise<Verdict> {
  await settle(databaseUrl, patience);
  const history = await readHistory(databaseUrl);
  const folded = foldAll(history);
  const byStream = grouped(history.events, ({ streamId }) => streamId);
  const findings = [
    ...positions(history),
    ...[...byStream.values()].flatMap((events) => chain(events)),
    ...ends(history, byStream),
    ...commands(history),
    ...folded.findings,
    ...acknowledged(history, writes, folded.contentHash),
    ...told(history),
    ...checkLedgers(history),
  ];
  const rows = [...history.rows.values()].reduce((sum, { length }) => sum + length, 0);
  const { events, snapshots, seals } = history;
  const counted = { events: events.length, streams: byStream.size, rows, snapshots: snapshots.length };
  const checked = { writes: writes.length, ...counted, seals: seals.length };
  return { findings, checked };
}

/** Waits until background work has nothing left to do. */
async function settle(databaseUrl: string, patience: number): Promise<void> {
  for (const until = performance.now() + patience; performance.now() < until; await setTimeout(100)) {
    const { rows } = await runOn(
      databaseUrl,
      `select 1 from specline.watermark w, specline.event_seq s
        where w.position >= case when s.is_called then s.last_value else 0 end
          and (select count(distinct subscription) from specline.checkpoint where subscription in ('recorder', 'ledger')) = 2
          and not exists (select from specline.checkpoint c where c.position < w.position)`,
    );
    if (rows.length > 0) return;
  }
}

const at = ({ streamId, version }: { streamId: string; version: number }) => `${streamId} version ${version}`;

/** Each position and each id is one event's, and the watermark has come to the last of them. */
function positions({ events, watermark, parked }: StoredHistory): string[] {
  const found = parked.map((one) => `parked: ${one}`);
  for (const field of ['seq', 'eventId'] as const) {
    const seen = new Set<unknown>();
    for (const event of events) {
      if (seen.has(event[field])) found.push(`doubled ${field}: ${at(event)}`);
      seen.add(event[field]);
    }
  }
  const last = events.at(-1)?.seq ?? 0;
  if (watermark.position < Math.max(last, watermark.taken)) {
    found.push(`watermark: it is at ${watermark.position}, history at ${last}, the sequence at ${watermark.taken}`);
  }
  return found;
}

/** JSON with sorted members and no white space, made here without the code under test. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, member: unknown) =>
    member && typeof member === 'object' && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );

/** The events of a stream in the order of their positions: versions 1, 2, 3 ..., each hashed onto the one before. */
function chain(events: readonly RecordedEvent[]): string[] {
  const found: string[] = [];
  let before = { version: 0, hash: genesisHash, recordedAt: '' };
  for (const event of events) {
    const { seq: _, hash, previousHash, ...statement } = event;
    if (event.version > before.version + 1) found.push(`gap: ${at(event)} follows ${before.version}`);
    if (event.version <= before.version) found.push(`inverted: ${at(event)} follows ${before.version}`);
    if (previousHash !== before.hash) found.push(`chain: ${at(event)} does not hold the hash before it`);
    const own = createHash('sha256')
      .update(`${previousHash}\n${canonical(statement)}`)
      .digest('hex');
    if (hash !== own) found.push(`hash: ${at(event)} says something else than was hashed`);
    if (event.recordedAt < before.recordedAt) found.push(`time: ${at(event)} is earlier than the event before it`);
    before = event;
  }
  return found;
}

/** Streams stand where their last events do. */
function ends({ streams }: StoredHistory, byStream: ReadonlyMap<string, RecordedEvent[]>): string[] {
  const known = new Set(streams.map(({ streamId }) => streamId));
  const strays = [...byStream.keys()].filter((id) => !known.has(id)).map((id) => `stream: ${id} is not in the table`);
  const wrong = streams.filter(({ streamId, version, lastHash }) => {
    const last = byStream.get(streamId)?.at(-1);
    return last?.version !== version || last.hash !== lastHash;
  });
  return [...strays, ...wrong.map((one) => `stream: ${at(one)} is not where its events end`)];
}

/** A command made its events in one go: neighbours in one stream, the last of them where its record says. */
function commands({ events, commands }: StoredHistory): string[] {
  const found: string[] = [];
  const made = grouped(events, ({ commandId }) => commandId);
  const records = new Map(commands.map((record) => [record.commandId, record]));
  for (const [commandId, own] of made) {
    const [first, last] = [own[0], own.at(-1)];
    const isOne = last && first && last.version - first.version === own.length - 1;
    if (!isOne || own.some(({ streamId }) => streamId !== last.streamId)) {
      found.push(`doubled command: ${commandId} made ${own.map(at).join(', ')}`);
    }
    const record = records.get(commandId);
    if (record?.version !== last?.version || record?.streamId !== last?.streamId) {
      found.push(`command: ${commandId} is not recorded where its events are`);
    }
  }
  return found;
}

/** Each write is there once, as it was answered; and nothing is there that nobody asked for. */
function acknowledged(
  { events }: StoredHistory,
  writes: readonly Write[],
  contentHash: (streamId: string, version: number) => string | undefined,
): string[] {
  if (writes.length === 0) return [];
  const found: string[] = [];
  const byRequest = grouped(events, ({ metadata }) => metadata.correlationId);
  const asked = new Set(writes.map(({ key }) => key));
  for (const { key, events: wanted, answer } of writes) {
    const own = byRequest.get(key) ?? [];
    const last = own.at(-1);
    if (!answer) {
      found.push(`unanswered: ${key}, which made ${own.length} events`);
      continue;
    }
    const { specId, version, seq } = answer.receipt;
    if (own.length < wanted) found.push(`lost: ${own.length} of ${wanted} events of ${key}, answered ${version}`);
    if (own.length > wanted) found.push(`doubled: ${own.length} events of ${key} instead of ${wanted}`);
    if (new Set(own.map(({ commandId }) => commandId)).size > 1) found.push(`doubled: ${key} became several commands`);
    if (last && (last.streamId !== specId || last.version !== version || last.seq !== seq)) {
      found.push(`answer: ${key} was told ${specId} version ${version} at ${seq}, and is ${at(last)} at ${last.seq}`);
    }
    if (contentHash(specId, version) !== answer.receipt.contentHash) {
      found.push(`answer: the content of ${key} is another than it was told`);
    }
    if (own.some(({ payload }) => !JSON.stringify(payload).includes(key))) {
      found.push(`altered: an event of ${key} does not hold what it wrote`);
    }
  }
  for (const [request, own] of byRequest) {
    const stray = own.find(({ type }) => type.startsWith('spec.'));
    if (stray && !asked.has(request)) found.push(`uncalled: nobody asked for ${at(stray)}`);
  }
  return found;
}

/** The recording subscription: every event once, each stream from its first version on. */
function told({ events, told: all }: StoredHistory): string[] {
  const found: string[] = [];
  const reached = new Map<string, number>();
  const seqs = new Map(events.map((event) => [at(event), event.seq]));
  for (const one of all) {
    const before = reached.get(one.streamId) ?? 0;
    if (one.version <= before) found.push(`told twice or too late: ${at(one)} after ${before}`);
    if (one.version > before + 1) found.push(`told too early: ${at(one)} after ${before}`);
    reached.set(one.streamId, Math.max(before, one.version));
    if (seqs.get(at(one)) !== one.seq) found.push(`told what is not there: ${at(one)} at ${one.seq}`);
    seqs.delete(at(one));
  }
  return [...found, ...[...seqs.keys()].map((one) => `not told: ${one}`)];
}
