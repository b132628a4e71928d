import { createHash } from 'node:crypto';
import type { Seal } from '../../src/modules/audit/seal.js';
import { noSeal, sealHash } from '../../src/modules/audit/seal.js';
import type { StoredHistory } from './stored-history.js';
import { grouped } from './stored-history.js';

const sha256 = (...parts: Buffer[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();

/** RFC 9162, section 2.1.1, as it is written there. */
function rootOf(leaves: readonly Buffer[]): Buffer {
  const [first] = leaves;
  if (!first) return sha256();
  if (leaves.length === 1) return sha256(Buffer.of(0), first);
  const split = 2 ** Math.ceil(Math.log2(leaves.length) - 1);
  return sha256(Buffer.of(1), rootOf(leaves.slice(0, split)), rootOf(leaves.slice(split)));
}

/**
 * The ledgers: every event of an organization once, in the order of positions; and seals that are chained, that hold the
 * root of what they seal, the last of them of everything.
 */
export function checkLedgers({ events, entries, seals }: StoredHistory): string[] {
  const found: string[] = [];
  const ledgers = grouped(entries, ({ organizationId }) => organizationId);
  for (const [organizationId, own] of grouped(events, (event) => event.organizationId)) {
    const ledger = ledgers.get(organizationId) ?? [];
    ledgers.delete(organizationId);
    own.forEach(({ eventId, hash, seq }, index) => {
      const entry = ledger[index];
      const same = entry?.eventId === eventId && entry.hash === hash && entry.seq === seq;
      if (!same || entry.position !== index + 1) found.push(`ledger: position ${index + 1} is not that of ${eventId}`);
    });
    if (ledger.length > own.length) found.push(`ledger: ${ledger.length} entries of ${own.length} events`);
    found.push(
      ...checkSeals(
        seals.filter((seal) => seal.organizationId === organizationId),
        own.map(({ hash }) => Buffer.from(hash, 'hex')),
      ),
    );
  }
  return [...found, ...[...ledgers.keys()].map((id) => `ledger: ${id} has entries and no event`)];
}

function checkSeals(seals: readonly Seal[], leaves: readonly Buffer[]): string[] {
  const found: string[] = [];
  let before = { number: 0, size: 0, hash: noSeal };
  for (const seal of seals) {
    const { number, size, previous, root } = seal;
    if (number !== before.number + 1 || size <= before.size || previous !== before.hash) {
      found.push(`seal: ${number} does not follow ${before.number}`);
    }
    if (rootOf(leaves.slice(0, size)).toString('hex') !== root) found.push(`seal: ${number} is of another history`);
    before = { number, size, hash: sealHash(seal) };
  }
  if (before.size !== leaves.length) found.push(`seal: ${before.size} of ${leaves.length} events are sealed`);
  return found;
}
