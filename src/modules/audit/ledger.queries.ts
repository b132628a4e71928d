import { Injectable } from '@nestjs/common';
import { Refusal } from '../../commands/refusals.js';
import { Database } from '../event-store/database.js';
import { Cursors } from '../http/cursors.js';
import type { ConsistencyProof, InclusionProof, KeyList, SealList, SealListQuery } from './audit.view.js';
import { hashOfRange, keptFor } from './ledger-nodes.js';
import type { LeafRange } from './merkle-proof.js';
import { consistencyRanges, inclusionRanges } from './merkle-proof.js';
import { leafHash } from './merkle-tree.js';
import type { Seal } from './seal.js';
import type { PublishedKey } from './signing-key.js';

const time = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** The columns of a Seal. */
const sealColumns = `organization_id as "organizationId", number, size, encode(root, 'hex') as "root",
  encode(previous, 'hex') as "previous", ${time('sealed_at')} as "sealedAt", key_id as "keyId", signature`;

const sealsBefore = {
  name: 'ledger.seals-before',
  text: `select ${sealColumns} from specline.seal where organization_id = $1 and ($2::bigint is null or number < $2)
    order by number desc limit $3`,
};
const sealsAfter = {
  name: 'ledger.seals-after',
  text: `select ${sealColumns} from specline.seal where organization_id = $1 and number > $2 order by number limit $3`,
};
const entryOfEvent = {
  name: 'ledger.entry',
  text: `select event_id as "eventId", stream_id as "streamId", version, position, encode(hash, 'hex') as "hash"
    from specline.ledger_entry where organization_id = $1 and event_id = $2`,
};
const seqOf = {
  name: 'ledger.seq-of',
  text: 'select seq from specline.ledger_entry where organization_id = $1 and position <= $2 order by position desc limit 1',
};
const leavesIn = {
  name: 'ledger.leaves-in',
  text: `select e.position - 1 as "index", e.hash from unnest($2::bigint[], $3::bigint[]) as r (first, last)
    join specline.ledger_entry e on e.organization_id = $1 and e.position > r.first and e.position <= r.last`,
};
const nodesIn = {
  name: 'ledger.nodes-in',
  text: `select n.level, n.index, n.hash from unnest($2::int[], $3::bigint[], $4::bigint[]) as r (level, first, last)
    join specline.ledger_node n on n.organization_id = $1 and n.level = r.level and n.index >= r.first and n.index < r.last`,
};
const publishedKeys = {
  name: 'ledger.keys',
  text: `select 'Ed25519' as "algorithm", key_id as "keyId", public_key as "publicKey", ${time('created_at')} as "createdAt",
      ${time('retired_at')} as "retiredAt", previous_key_id as "previousKeyId", signature,
      previous_signature as "previousSignature"
    from specline.signing_key order by created_at, key_id`,
};

/** Seals, proofs and keys as they are published. */
@Injectable()
export class LedgerQueries {
  constructor(
    private readonly database: Database,
    private readonly cursors: Cursors,
  ) {}

  /** The newest seals first. */
  async seals(organizationId: string, { limit = 25, cursor }: SealListQuery): Promise<SealList> {
    const scope = { organizationId, list: 'seals', filters: {} };
    const [before = null] = cursor === undefined ? [] : await this.cursors.open(scope, cursor);
    const found = await this.database.query<Seal>(organizationId, sealsBefore, [organizationId, before, limit + 1]);
    const items = found.slice(0, limit);
    const more = found.length > limit;
    return { items, page: { next: more ? await this.cursors.seal(scope, [items.at(-1)?.number]) : null } };
  }

  /** The seal of a number, or the newest one. */
  async seal(organizationId: string, number?: number): Promise<Seal> {
    const before = number === undefined ? null : number + 1;
    const [seal] = await this.database.query<Seal>(organizationId, sealsBefore, [organizationId, before, 1]);
    if (!seal || (number !== undefined && seal.number !== number)) {
      const which = number === undefined ? 'no seal yet' : `no seal ${number}`;
      throw new Refusal('not_found', `There is ${which}; what is written is sealed within seconds.`);
    }
    return seal;
  }

  /** Where the last event up to a position stands in history. */
  async seqOf(organizationId: string, position: number): Promise<number> {
    const [row] = await this.database.query<{ seq: number }>(organizationId, seqOf, [organizationId, position]);
    return row?.seq ?? 0;
  }

  /** Seals in their order, after one of a number. */
  sealsAfter(organizationId: string, number: number, limit: number): Promise<Seal[]> {
    return this.database.query<Seal>(organizationId, sealsAfter, [organizationId, number, limit]);
  }

  /** Proof that an event is in what a seal covers: the newest one, or one that is named. */
  async inclusion(organizationId: string, eventId: string, number?: number): Promise<InclusionProof> {
    const values = [organizationId, eventId];
    const [entry] = await this.database.query<Omit<InclusionProof, 'seal' | 'proof'>>(
      organizationId,
      entryOfEvent,
      values,
    );
    if (!entry) throw new Refusal('not_found', 'There is no such event, or it is not sealed yet: that takes seconds.');
    const seal = await this.seal(organizationId, number);
    if (entry.position > seal.size) throw new Refusal('not_found', `Seal ${seal.number} was made before this event.`);
    const [proof = []] = await this.inclusionProofs(organizationId, [entry.position], seal.size);
    return { ...entry, seal, proof };
  }

  /**
   * Inclusion proofs of several positions in the tree of a size, each as hashes in hex, the leaf's sibling first.
   * @param positions from 1
   */
  async inclusionProofs(organizationId: string, positions: readonly number[], size: number): Promise<string[][]> {
    const paths = positions.map((position) => inclusionRanges(position - 1, size));
    const hashOf = await this.hasher(organizationId, paths.flat());
    return paths.map((path) => path.map(hashOf));
  }

  /** Proof that what one seal covers begins with what an earlier one does. */
  async consistency(organizationId: string, from = 1, to?: number): Promise<ConsistencyProof> {
    const [earlier, later] = [await this.seal(organizationId, from), await this.seal(organizationId, to)];
    if (earlier.number > later.number) {
      throw new Refusal('invalid_request', `Seal ${earlier.number} is not before seal ${later.number}.`);
    }
    const ranges = consistencyRanges(earlier.size, later.size);
    return { from: earlier, to: later, proof: ranges.map(await this.hasher(organizationId, ranges)) };
  }

  /** Every key that ever signed, oldest first. Keys belong to the service and not to an organization. */
  async keys(): Promise<KeyList> {
    return { keys: await this.database.call<PublishedKey & { retiredAt: string | null }>(publishedKeys, []) };
  }

  /** Reads what some runs of leaves are hashed from, once for all of them. */
  private async hasher(organizationId: string, ranges: readonly LeafRange[]): Promise<(range: LeafRange) => string> {
    const wanted = keptFor(ranges);
    const nodes = new Map<string, Buffer>();
    const [leaves, inner] = [wanted.filter(({ level }) => level === 0), wanted.filter(({ level }) => level > 0)];
    const column = (of: typeof wanted, name: 'level' | 'first' | 'end') => of.map((one) => one[name]);
    const found = await Promise.all([
      this.database.query<{ index: number; hash: Buffer }>(organizationId, leavesIn, [
        organizationId,
        column(leaves, 'first'),
        column(leaves, 'end'),
      ]),
      this.database.query<{ level: number; index: number; hash: Buffer }>(organizationId, nodesIn, [
        organizationId,
        column(inner, 'level'),
        column(inner, 'first'),
        column(inner, 'end'),
      ]),
    ]);
    for (const { index, hash } of found[0]) nodes.set(`0/${index}`, leafHash(hash));
    for (const { level, index, hash } of found[1]) nodes.set(`${level}/${index}`, hash);
    // What was taken out of the ledger leaves proofs that lead nowhere: whoever verifies them sees it.
    const read = (level: number, index: number): Buffer => nodes.get(`${level}/${index}`) ?? Buffer.alloc(32);
    return (range) => hashOfRange(range, read).toString('hex');
  }
}
