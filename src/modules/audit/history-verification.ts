import type { FoundEvent } from './event-alignment.js';
import { about, alignEvents } from './event-alignment.js';
import type { MissingLine, SealLine } from './evidence-line.js';
import { leafHash, MerkleTree } from './merkle-tree.js';
import type { Trust } from './seal-check.js';
import { faultsOfSeal, faultsOfSuccession } from './seal-check.js';
import type { Seal } from './seal.js';
import { StreamChains } from './stream-chains.js';
import type { Problems } from './verification-problem.js';

/**
 * Verifies the whole history of an organization: its tree is built anew from the events, seal by seal. In memory are the
 * tree's peaks, the head of each stream, and what the events of one seal are called.
 */
export class HistoryVerification {
  private readonly tree = MerkleTree.empty();
  private readonly chains = new StreamChains();
  private found: FoundEvent[] = [];
  private gone = new Map<number, MissingLine>();
  /** The last seal that is to be believed. */
  private proven = 0;
  private rootIsLost = false;
  lastSeal?: Seal;

  constructor(
    private readonly trust: Trust,
    private readonly problems: Problems,
  ) {}

  event(event: FoundEvent): void {
    this.found.push(event);
  }

  missing(line: MissingLine): void {
    this.gone.set(line.position, line);
  }

  /** How many events wait for their seal. */
  get waiting(): number {
    return this.found.length;
  }

  seal({ seal, hashes: listed = [] }: SealLine, line: number): void {
    const faults = faultsOfSeal(seal, this.trust);
    const succession = faultsOfSuccession(seal, this.lastSeal, this.trust.keys);
    const isBelieved = faults.length === 0;
    const before = this.tree.size;
    const hashes = this.withoutSeal(seal.size - listed.length - before).concat(listed);
    if (seal.size !== before + hashes.length) {
      const message = `it says ${seal.size} events, and there are ${before + hashes.length} up to here`;
      succession.push({ check: 'wrong_size', message, seal: seal.number });
    }
    const sealed = isBelieved && !this.rootIsLost ? this.provenHashes(hashes, seal, line) : hashes;
    for (const hash of sealed) this.tree.append(leafHash(Buffer.from(hash, 'hex')));

    const { problems, placed } = alignEvents(before, sealed, this.found, this.gone);
    placed.forEach((slot, place) => {
      const broken = this.chains.follow(slot, sealed[place] ?? '', before + place + 1);
      if (broken) problems.push(broken);
    });
    this.problems.add(...problems.sort((a, b) => (a.position ?? 0) - (b.position ?? 0)));
    this.problems.add(...[...faults, ...succession].map((fault) => ({ ...fault, line })));
    if (isBelieved && !this.rootIsLost) this.proven = this.tree.size;
    this.lastSeal = seal;
    this.found = [];
    this.gone = new Map();
  }

  end(): void {
    if (!this.lastSeal) this.problems.add({ check: 'missing_seal', message: 'there is no seal' });
    for (const event of this.found) {
      this.problems.add(about(event, 'event_inserted', 'no seal covers it', event.position ?? undefined));
    }
  }

  /** Events whose own seal is missing stand for themselves; the next seal's root tells whether they may. */
  private withoutSeal(count: number): string[] {
    return count > 0 && count < this.found.length ? this.found.slice(0, count).map(({ hash }) => hash) : [];
  }

  /** The hashes that lead to the seal's root: as the file lists them, or as the events themselves have them. */
  private provenHashes(listed: string[], seal: Seal, line: number): string[] {
    const readings = [listed, this.found.map(({ hash }) => hash), this.found.map(({ stated }) => stated)];
    const proven = readings.find((hashes) => this.leadsTo(seal.root, hashes));
    if (proven === listed) return listed;
    if (proven) {
      const place = proven.findIndex((hash, at) => hash !== listed[at]);
      const { streamId, version, eventId } = this.found[place] ?? {};
      const position = this.tree.size + place + 1;
      const message = 'the list of hashes has another hash here than the event that was sealed';
      this.problems.add({
        check: 'wrong_ledger',
        message,
        line,
        seal: seal.number,
        position,
        streamId,
        version,
        eventId,
      });
      return proven;
    }
    this.rootIsLost = true;
    const [from, to] = [this.proven + 1, this.tree.size + listed.length];
    const message = `the events at positions ${from} to ${to} do not lead to the root that was sealed; later roots cannot be checked`;
    this.problems.add({ check: 'wrong_root', message, line, seal: seal.number, position: from });
    return listed;
  }

  private leadsTo(root: string, hashes: readonly string[]): boolean {
    const tree = this.tree.copy();
    for (const hash of hashes) tree.append(leafHash(Buffer.from(hash, 'hex')));
    return tree.root().toString('hex') === root;
  }
}
