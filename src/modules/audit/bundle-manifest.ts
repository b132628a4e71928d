import type { KeyObject } from 'node:crypto';
import { canonicalJson } from '../event-store/history.js';
import { isObject, isText, listOf, matches, whole } from './evidence-shape.js';
import type { Signer } from './ledger.js';
import { isSignedBy, signStatement } from './signing.js';

/** A file of a bundle: its bytes before they are compressed. */
export type BundleFile = { name: string; bytes: number; sha256: string };

/** What a bundle holds: signed, so that a file that was changed, added or taken out is told. */
export type Manifest = {
  format: 'specline-bundle-1';
  organizationId: string;
  exportId: string;
  /** Of what was asked for. */
  filter: Record<string, unknown>;
  createdAt: string;
  /** The organization's last event that it can hold. */
  position: number;
  /** The seal that covers it, by number. */
  seal: number;
  /** All files but this one. */
  files: BundleFile[];
  keyId: string;
  /** Ed25519 over all the other members. */
  signature: string;
};

/** The name of the manifest itself. */
export const manifestName = 'manifest.json';
/** The file of the events, seals, proofs and keys. */
export const evidenceName = 'evidence.ndjson';

/** The bytes of a manifest. */
export function writeManifest(statement: Omit<Manifest, 'keyId' | 'signature'>, signer: Signer): string {
  const whole = { ...statement, keyId: signer.keyId };
  const signature = signStatement('specline-bundle-v1', whole, signer.privateKey);
  return `${canonicalJson({ ...whole, signature })}\n`;
}

const sha256 = isText(/^[0-9a-f]{64}$/);
const shape = matches({
  format: isText(/^specline-bundle-1$/),
  organizationId: isText(/^[0-9a-f-]{36}$/),
  exportId: isText(/^[0-9a-f-]{36}$/),
  filter: (value) => (isObject(value) ? undefined : 'filter is not an object'),
  createdAt: isText(/^[\dTZ:.-]{20,30}$/),
  position: whole,
  seal: whole,
  files: listOf(matches({ name: isText(/^[\w./-]{1,200}$/), bytes: whole, sha256 }), 1_000_000),
  keyId: isText(/^[0-9a-f]{32}$/),
  signature: isText(/^[\w-]{86}$/),
});

/**
 * Reads a manifest.
 * @throws Error saying what is wrong, for anything that this program would not have written byte for byte the same
 */
export function readManifest(text: string): Manifest {
  const value: unknown = JSON.parse(text);
  const fault = shape(value, '');
  if (fault) throw new Error(fault);
  if (`${canonicalJson(value)}\n` !== text) throw new Error('it is not canonical JSON');
  return value as Manifest;
}

export function isManifestSignedBy({ signature, ...statement }: Manifest, key: KeyObject): boolean {
  return isSignedBy('specline-bundle-v1', statement, signature, key);
}
