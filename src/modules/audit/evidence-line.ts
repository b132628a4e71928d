import type { EventStatement } from '../event-store/history.js';
import { canonicalJson, stateEvent } from '../event-store/history.js';
import { isObject, isText, listOf, matches, orNull, whole } from './evidence-shape.js';
import type { Seal } from './seal.js';
import type { PublishedKey } from './signing-key.js';

/** The first line of an evidence file. */
export type HeaderLine = {
  kind: 'header';
  format: 'specline-evidence-1';
  organizationId: string;
  /** The one spec that the file is about; null for the whole organization. */
  specId: string | null;
  exportedAt: string;
  /** Of a file that holds some events only: by which filter they were chosen. */
  selection?: Record<string, unknown>;
};
export type KeyLine = { kind: 'key'; key: PublishedKey };
export type EventLine = {
  kind: 'event';
  event: EventStatement;
  /** Its place in the organization's history; null for an event that the ledger does not know. */
  position: number | null;
  previousHash: string;
  hash: string;
  /** In the file of one spec, or of some events: its inclusion proof, hex, to the root of the file's seal. */
  proof?: string[];
};
/** An event that the ledger knows and history has no more. */
export type MissingLine = {
  kind: 'missing';
  position: number;
  streamId: string;
  version: number;
  eventId: string;
  hash: string;
};
/** In a file of some events: versions of a stream that it leaves out, up to the last one that its seal covers. */
export type OmittedLine = { kind: 'omitted'; streamId: string; from: number; to: number };
/** A seal; of a whole organization behind the events that it added, whose hashes it repeats as the ledger keeps them. */
export type SealLine = { kind: 'seal'; seal: Seal; hashes?: string[] };
/** The last line: what the file holds, signed. */
export type EndLine = { kind: 'end' } & EndStatement & { signature: string };
export type EndStatement = {
  /** SHA-256, hex, over every byte of the file before this line. */
  digest: string;
  /** Lines before this one. */
  lines: number;
  /** Events among them. */
  events: number;
  keyId: string;
};
export type EvidenceLine = HeaderLine | KeyLine | EventLine | MissingLine | OmittedLine | SealLine | EndLine;

/** How many events one seal may add, so that whoever verifies need not keep more of them than that in mind. */
export const eventsInSeal = 10_000;

/** A line of the file without its line feed: canonical JSON (RFC 8785), so that there is one way only to write it. */
export function writeLine(line: EvidenceLine): string {
  if (line.kind !== 'event') return canonicalJson(line);
  const { event, ...rest } = line;
  // "event" is the first member in canonical order.
  return `{"event":${stateEvent(event)},${canonicalJson(rest).slice(1)}`;
}

/**
 * Reads a line.
 * @throws Error saying what is wrong, for anything that this program would not have written byte for byte the same
 */
export function readLine(text: string): EvidenceLine {
  const value: unknown = JSON.parse(text);
  if (!isObject(value)) throw new Error('it is not an object');
  const shape = shapes[String(value.kind)];
  if (!shape || !Object.hasOwn(shapes, String(value.kind))) throw new Error('its kind is unknown');
  const fault = shape(value, '');
  if (fault) throw new Error(fault);
  const line = value as EvidenceLine;
  if (writeLine(line) !== text) throw new Error('it is not canonical JSON');
  return line;
}

const uuid = isText(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const sha256 = isText(/^[0-9a-f]{64}$/);
const keyId = isText(/^[0-9a-f]{32}$/);
const signature = isText(/^[\w-]{86}$/);
const time = isText(/^\d{4,6}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);

const key = matches({
  algorithm: isText(/^Ed25519$/),
  createdAt: time,
  keyId,
  previousKeyId: orNull(keyId),
  previousSignature: orNull(signature),
  publicKey: isText(/^[\w-]{43}$/),
  signature,
});
const seal = matches({
  keyId,
  number: whole,
  organizationId: uuid,
  previous: sha256,
  root: sha256,
  sealedAt: time,
  signature,
  size: whole,
});
const event = matches({
  commandId: uuid,
  eventId: uuid,
  metadata: (value) => (isObject(value) ? undefined : 'metadata must be an object'),
  organizationId: uuid,
  payload: (value) => (isObject(value) ? undefined : 'payload must be an object'),
  recordedAt: time,
  schemaVersion: whole,
  streamId: uuid,
  type: isText(/^[a-z0-9_.]{1,200}$/),
  version: whole,
});
const kind = isText(/^[a-z]+$/);

const shapes: Record<string, ReturnType<typeof matches>> = {
  header: matches(
    {
      exportedAt: time,
      format: isText(/^specline-evidence-1$/),
      kind,
      organizationId: uuid,
      specId: orNull(uuid),
    },
    { selection: (value) => (isObject(value) ? undefined : 'selection must be an object') },
  ),
  key: matches({ key, kind }),
  event: matches(
    { event, hash: sha256, kind, position: orNull(whole), previousHash: sha256 },
    { proof: listOf(sha256, 64) },
  ),
  missing: matches({ eventId: uuid, hash: sha256, kind, position: whole, streamId: uuid, version: whole }),
  omitted: matches({ from: whole, kind, streamId: uuid, to: whole }),
  seal: matches({ kind, seal }, { hashes: listOf(sha256, eventsInSeal) }),
  end: matches({ digest: sha256, events: whole, keyId, kind, lines: whole, signature }),
};

/** How a file begins, for the document of the API. */
export const evidenceExample = `${writeLine({
  kind: 'header',
  format: 'specline-evidence-1',
  organizationId: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b01',
  specId: null,
  exportedAt: '2026-11-23T12:00:00.000Z',
})}\n`;
