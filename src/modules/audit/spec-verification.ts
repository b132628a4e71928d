import { genesisHash } from '../event-store/history.js';
import type { FoundEvent } from './event-alignment.js';
import { about } from './event-alignment.js';
import type { MissingLine, SealLine } from './evidence-line.js';
import { rootOfInclusion } from './merkle-proof.js';
import { leafHash } from './merkle-tree.js';
import type { Trust } from './seal-check.js';
import { faultsOfSeal } from './seal-check.js';
import type { Seal } from './seal.js';
import { brokenLink } from './stream-chains.js';
import type { Problem, Problems } from './verification-problem.js';

/** The last version; without a hash where something was wrong with its content, so that the next one is not blamed. */
type Head = Pick<FoundEvent, 'line' | 'streamId' | 'version' | 'eventId'> & {
  hash: string | undefined;
  position: number;
};

/**
 * Verifies the events of one spec: each leads by its inclusion proof to the root of one seal, and each follows the one
 * before. That none is missing behind the last is what the signed end of the file says.
 */
export class SpecVerification {
  private head: Head = { line: 0, streamId: '', version: 0, eventId: '', hash: genesisHash, position: 0 };
  lastSeal?: Seal;

  constructor(
    private readonly specId: string,
    private readonly trust: Trust,
    private readonly problems: Problems,
  ) {}

  seal({ seal }: SealLine, line: number): void {
    const faults = faultsOfSeal(seal, this.trust);
    if (this.lastSeal) {
      faults.push({ check: 'forked_seal', message: 'the file of one spec has one seal', seal: seal.number });
    }
    this.problems.add(...faults.map((fault) => ({ ...fault, line })));
    this.lastSeal ??= seal;
  }

  missing({ position, streamId, version, eventId }: MissingLine): void {
    const message = 'the ledger knows this event, and history has it no more';
    this.problems.add({ check: 'event_removed', message, position, streamId, version, eventId });
  }

  event(event: FoundEvent, proof: readonly string[]): void {
    const { position, version } = event;
    const fault = this.faultOf(event);
    if (fault) this.problems.add(fault);
    if (fault?.check === 'event_inserted' || fault?.check === 'event_reordered') return;
    if (!fault) this.follow(event, position ?? 0, proof);
    const { line, streamId, eventId, stated } = event;
    const hash = fault ? undefined : stated;
    this.head = { line, streamId, version, eventId, hash, position: position ?? this.head.position };
  }

  end(): void {
    if (!this.lastSeal) this.problems.add({ check: 'missing_seal', message: 'there is no seal' });
    if (this.head.version === 0) this.problems.add({ check: 'event_removed', message: 'there is no event' });
  }

  /** What is wrong with an event by itself, and where it stands. */
  private faultOf(event: FoundEvent): Problem | undefined {
    const { version, position } = event;
    const say = (check: Problem['check'], message: string) => about(event, check, message, position ?? undefined);
    if (event.hash !== event.stated) return say('event_altered', 'its content does not fit its hash');
    if (event.streamId !== this.specId) return say('event_inserted', 'it is not an event of this spec');
    if (position === null) return say('event_inserted', 'the ledger does not know it at its place');
    if (version === this.head.version) return say('event_inserted', 'its version is there twice');
    if (version < this.head.version) return say('event_reordered', `it stands behind version ${this.head.version}`);
    if (position <= this.head.position) return say('event_reordered', 'an earlier version was sealed behind it');
    return undefined;
  }

  /** Whether it follows the version before, and the seal covers it. */
  private follow(event: FoundEvent, position: number, proof: readonly string[]): void {
    const { head } = this;
    if (event.version > head.version + 1) this.problems.add(this.gapBefore(event));
    else if (head.hash !== undefined && event.previousHash !== head.hash) {
      const before = head.version === 0 ? undefined : { ...head, hash: head.hash };
      this.problems.add(brokenLink(before, event, position));
    }
    if (this.isProven(event, position, proof)) return;
    const message = `its proof does not lead to the root of seal ${this.lastSeal?.number ?? '(missing)'}`;
    this.problems.add(about(event, 'wrong_proof', message, position));
  }

  private gapBefore({ version, line }: FoundEvent): Problem {
    const first = this.head.version + 1;
    const which = version - 1 === first ? `version ${first} is` : `versions ${first} to ${version - 1} are`;
    return { check: 'event_removed', message: `${which} missing`, line, streamId: this.specId, version: first };
  }

  private isProven({ stated }: FoundEvent, position: number, proof: readonly string[]): boolean {
    if (!this.lastSeal) return false;
    const { size, root } = this.lastSeal;
    const path = proof.map((hash) => Buffer.from(hash, 'hex'));
    const found = rootOfInclusion(leafHash(Buffer.from(stated, 'hex')), position - 1, size, path);
    return found?.toString('hex') === root;
  }
}
