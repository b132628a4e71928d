import { genesisHash } from '../event-store/history.js';
import type { FoundEvent } from './event-alignment.js';
import { about } from './event-alignment.js';
import type { MissingLine, OmittedLine, SealLine } from './evidence-line.js';
import { rootOfInclusion } from './merkle-proof.js';
import { leafHash } from './merkle-tree.js';
import type { Trust } from './seal-check.js';
import { faultsOfSeal } from './seal-check.js';
import type { Seal } from './seal.js';
import { brokenLink } from './stream-chains.js';
import type { Problem, Problems } from './verification-problem.js';

/** The last version of a stream that was told of; without an event where that was left out, missing or altered. */
type Head = { streamId: string; version: number; event?: FoundEvent };

/**
 * Verifies a file of some events: each leads by its inclusion proof to the root of one seal. Streams come in
 * the order of their ids, and of each all versions from 1 on: as events, or as left out. So an event that was taken out is missed.
 */
export class SelectionVerification {
  private head: Head = { streamId: '', version: 0 };
  lastSeal?: Seal;
  /** How many events are said to be left out. */
  omitted = 0;

  constructor(
    private readonly trust: Trust,
    private readonly problems: Problems,
  ) {}

  seal({ seal }: SealLine, line: number): void {
    const faults = faultsOfSeal(seal, this.trust);
    if (this.lastSeal) faults.push({ check: 'forked_seal', message: 'the file has one seal', seal: seal.number });
    this.problems.add(...faults.map((fault) => ({ ...fault, line })));
    this.lastSeal ??= seal;
  }

  leftOut({ streamId, from, to }: OmittedLine, line: number): void {
    this.enter(streamId, from, line);
    if (to < from || streamId !== this.head.streamId || from !== this.head.version + 1) {
      const message = `versions ${from} to ${to} are said to be left out, and version ${this.head.version} stands before them`;
      this.problems.add({ check: 'event_inserted', message, line, streamId, version: from });
      return;
    }
    this.omitted += to - from + 1;
    this.head = { streamId, version: to };
  }

  missing({ position, streamId, version, eventId }: MissingLine): void {
    const message = 'the ledger knows this event, and history has it no more';
    this.problems.add({ check: 'event_removed', message, position, streamId, version, eventId });
    this.head = { streamId, version };
  }

  event(event: FoundEvent, proof: readonly string[]): void {
    const { streamId, version, position, line } = event;
    this.enter(streamId, version, line);
    const fault = this.faultOf(event);
    if (fault) this.problems.add(fault);
    if (fault?.check === 'event_inserted' || fault?.check === 'event_reordered') return;
    const { head } = this;
    if (!fault && head.event && event.previousHash !== head.event.stated) {
      const before = { ...head.event, hash: head.event.stated, position: head.event.position ?? 0 };
      this.problems.add(brokenLink(before, event, position ?? 0));
    } else if (!fault && version === 1 && event.previousHash !== genesisHash) {
      this.problems.add(brokenLink(undefined, event, position ?? 0));
    }
    if (!fault && !this.isProven(event, position ?? 0, proof)) {
      const message = `its proof does not lead to the root of seal ${this.lastSeal?.number ?? '(missing)'}`;
      this.problems.add(about(event, 'wrong_proof', message, position ?? 0));
    }
    this.head = { streamId, version, ...(!fault && { event }) };
  }

  end(): void {
    if (!this.lastSeal) this.problems.add({ check: 'missing_seal', message: 'there is no seal' });
  }

  /** Goes on to another stream, and tells which versions are missing before a line. */
  private enter(streamId: string, version: number, line: number): void {
    if (streamId < this.head.streamId) return;
    if (streamId !== this.head.streamId) this.head = { streamId, version: 0 };
    const first = this.head.version + 1;
    if (version <= first) return;
    const which = version - 1 === first ? `version ${first} is` : `versions ${first} to ${version - 1} are`;
    this.problems.add({ check: 'event_removed', message: `${which} missing`, line, streamId, version: first });
    this.head = { streamId, version: version - 1 };
  }

  private faultOf(event: FoundEvent): Problem | undefined {
    const { streamId, version, position } = event;
    const say = (check: Problem['check'], message: string) => about(event, check, message, position ?? undefined);
    if (event.hash !== event.stated) return say('event_altered', 'its content does not fit its hash');
    if (position === null) return say('event_inserted', 'the ledger does not know it at its place');
    if (streamId < this.head.streamId) return say('event_reordered', 'it stands behind another stream');
    if (version === this.head.version)
      return say('event_inserted', 'its version is there twice, or is said to be left out');
    if (version < this.head.version) return say('event_reordered', `it stands behind version ${this.head.version}`);
    return undefined;
  }

  private isProven({ stated }: FoundEvent, position: number, proof: readonly string[]): boolean {
    if (!this.lastSeal) return false;
    const { size, root } = this.lastSeal;
    const path = proof.map((hash) => Buffer.from(hash, 'hex'));
    return rootOfInclusion(leafHash(Buffer.from(stated, 'hex')), position - 1, size, path)?.toString('hex') === root;
  }
}
