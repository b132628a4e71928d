import { generateKeyPairSync, randomUUID } from 'node:crypto';
import type { Response } from 'supertest';
import type { EventStatement } from '../../src/modules/event-store/history.js';
import { chainHash, genesisHash, stateEvent } from '../../src/modules/event-store/history.js';
import type { EventLine, EvidenceLine } from '../../src/modules/audit/evidence-line.js';
import { readLine } from '../../src/modules/audit/evidence-line.js';
import { EvidenceWriter } from '../../src/modules/audit/evidence-writer.js';
import { verifyEvidence } from '../../src/modules/audit/evidence-reader.js';
import { hashOfRange, isKept } from '../../src/modules/audit/ledger-nodes.js';
import type { Signer } from '../../src/modules/audit/ledger.js';
import { emptyLedger, sealEvents } from '../../src/modules/audit/ledger.js';
import { inclusionRanges } from '../../src/modules/audit/merkle-proof.js';
import { leafHash, MerkleTree } from '../../src/modules/audit/merkle-tree.js';
import type { Seal } from '../../src/modules/audit/seal.js';
import type { PublishedKey } from '../../src/modules/audit/signing-key.js';
import { stateKey } from '../../src/modules/audit/signing-key.js';

export const organizationId = '01994f6e-0000-7000-8000-000000000001';

/** A key with its private half. */
export type KeyPair = { published: PublishedKey; signer: Signer };

export function makeKey(createdAt = '2026-01-01T00:00:00.000Z', previous?: KeyPair): KeyPair {
  const pair = generateKeyPairSync('ed25519');
  const published = stateKey(pair, createdAt, previous?.signer);
  return { published, signer: { keyId: published.keyId, privateKey: pair.privateKey } };
}

/** A history and its seals, as they are made before they are written to a file. */
export type History = { keys: KeyPair[]; events: EventLine[]; seals: { seal: Seal; hashes: string[] }[] };

/**
 * A history of `streams` streams sealed in stretches.
 *
 * @param picks for each event the stream it belongs to
 * @param stretches how many events each seal adds, over and over
 * @param rotateAfter the seal after which the next key signs
 */
export function makeHistory(
  picks: readonly number[],
  stretches: readonly number[],
  rotateAfter = Infinity,
  owner = organizationId,
): History {
  const heads = new Map<number, { streamId: string; version: number; hash: string }>();
  const events = picks.map((pick, at): EventLine => {
    const head = heads.get(pick) ?? { streamId: randomUUID(), version: 0, hash: genesisHash };
    const event = makeEvent(owner, head.streamId, head.version + 1, `text ${at}`);
    const hash = chainHash(head.hash, stateEvent(event));
    heads.set(pick, { ...head, version: event.version, hash });
    return { kind: 'event', event, position: at + 1, previousHash: head.hash, hash };
  });
  return sealHistory(events, stretches, rotateAfter, owner);
}

/** Seals events, whatever they are. */
export function sealHistory(
  events: EventLine[],
  stretches: readonly number[],
  rotateAfter = Infinity,
  owner = organizationId,
): History {
  const first = makeKey();
  const keys = [first];
  const seals: History['seals'] = [];
  let ledger = emptyLedger(owner);
  for (let at = 0; at < events.length;) {
    const stretch = events.slice(at, at + Math.max(1, stretches[seals.length % stretches.length] ?? 1));
    const now = `2026-01-02T00:00:${String(seals.length % 60).padStart(2, '0')}.000Z`;
    if (seals.length === rotateAfter) keys.push(makeKey(now, first));
    const hashes = stretch.map(({ hash }) => Buffer.from(hash, 'hex'));
    const { head, seal } = sealEvents(ledger, hashes, (keys.at(-1) ?? first).signer, now);
    seals.push({ seal, hashes: stretch.map(({ hash }) => hash) });
    ledger = head;
    at += stretch.length;
  }
  return { keys, events, seals };
}

export function makeEvent(owner: string, streamId: string, version: number, text: string): EventStatement {
  return {
    organizationId: owner,
    streamId,
    version,
    eventId: randomUUID(),
    type: 'spec.section.updated',
    schemaVersion: 1,
    payload: { key: 'tldr', body: text, emoji: '\u{1F600}\u2028"\\', order: [3, 1, { b: null, a: true }] },
    metadata: { actor: { id: 'ann', kind: 'human', name: 'Ann' }, command: 'spec.section.update', correlationId: 'r' },
    commandId: randomUUID(),
    recordedAt: '2026-01-02T03:04:05.006Z',
  };
}

/** The lines of a file without its end. */
export type Lines = Exclude<EvidenceLine, { kind: 'end' }>[];

export function historyLines({ keys, events, seals }: History): Lines {
  const lines: Lines = [header(null), ...keys.map(({ published: key }) => ({ kind: 'key' as const, key }))];
  for (const { seal, hashes } of seals) {
    lines.push(...events.slice(seal.size - hashes.length, seal.size), { kind: 'seal', seal, hashes });
  }
  return lines;
}

/** The lines of one stream's file, proven against the last seal. */
export function specLines({ keys, events, seals }: History, specId: string): Lines {
  const seal = seals.at(-1)?.seal;
  if (!seal) throw new Error('the history has no seal');
  const nodes = new Map<string, Buffer>();
  const tree = MerkleTree.empty();
  events.forEach(({ hash }, at) => {
    const leaf = leafHash(Buffer.from(hash, 'hex'));
    nodes.set(`0/${at}`, leaf);
    tree.append(leaf, (level, index, node) => isKept(level) && nodes.set(`${level}/${index}`, node));
  });
  const read = (level: number, index: number) => nodes.get(`${level}/${index}`) ?? Buffer.alloc(32);
  const own = events.filter(({ event }) => event.streamId === specId);
  const prove = (position: number) =>
    inclusionRanges(position - 1, seal.size).map((range) => hashOfRange(range, read).toString('hex'));
  return [
    header(specId),
    ...keys.map(({ published: key }) => ({ kind: 'key' as const, key })),
    { kind: 'seal', seal },
    ...own.map((line) => ({ ...line, proof: prove(line.position ?? 0) })),
  ];
}

const header = (specId: string | null): Lines[number] => {
  return {
    kind: 'header',
    format: 'specline-evidence-1',
    organizationId,
    specId,
    exportedAt: '2026-01-03T00:00:00.000Z',
  };
};

/** The bytes of a file, signed anew by whoever has a key. */
export function fileOf(lines: Lines, { signer }: KeyPair): string {
  const writer = new EvidenceWriter();
  return lines.map((line) => writer.write(line)).join('') + writer.end(signer);
}

/** The lines of a file and its end as text, to put them together in another way. */
export const withLines = (file: string, change: (lines: string[]) => string[]): string =>
  change(file.trimEnd().split('\n')).join('\n') + '\n';

export const parsed = (file: string): EvidenceLine[] => file.trimEnd().split('\n').map(readLine);

/** Verifies a file in chunks of a few bytes, as they may come. */
export function verify(file: string, believe: readonly KeyPair[], known: readonly Seal[] = [], chunk = 1000) {
  const bytes = Buffer.from(file);
  const count = Math.ceil(bytes.length / chunk);
  const chunks = Array.from({ length: count }, (_, at) => bytes.subarray(at * chunk, (at + 1) * chunk));
  return verifyEvidence(
    chunks,
    believe.map(({ published }) => published.publicKey),
    { seals: known },
  );
}

/** A stream of lines as one text: supertest reads only the types it knows. */
export function textOf(response: Response, done: (error: Error | null, body: string) => void): void {
  const chunks: Buffer[] = [];
  const stream = response as unknown as NodeJS.ReadableStream;
  stream.on('data', (chunk: Buffer) => chunks.push(Buffer.from(chunk)));
  stream.on('end', () => done(null, Buffer.concat(chunks).toString()));
}
