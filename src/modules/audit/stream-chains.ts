import { genesisHash } from '../event-store/history.js';
import type { FoundEvent, Placed } from './event-alignment.js';
import { about } from './event-alignment.js';
import type { Problem } from './verification-problem.js';

/** The last event of a stream, by the hash that was sealed. */
type Head = Pick<FoundEvent, 'line' | 'streamId' | 'version' | 'eventId' | 'hash'> & { position: number };

/**
 * Follows the hash chain of every stream: versions without gaps from 1, each naming the hash of the one before. Keeps
 * some 300 bytes a stream, however many events it has and however large they are.
 */
export class StreamChains {
  private readonly heads = new Map<string, Head>();
  /** Hashes of events that are known to be missing or altered: what follows them is not to blame. */
  private readonly disturbed = new Map<string, Problem | undefined>();

  /** @param sealed the hash that was sealed at this place */
  follow({ event, altered, problem }: Placed, sealed: string, position: number): Problem | undefined {
    if (!event || altered) this.disturbed.set(sealed, problem);
    if (!event) return undefined;
    const { line, streamId, version, eventId, previousHash } = event;
    const head = this.heads.get(streamId);
    this.heads.set(streamId, { line, streamId, version, eventId, hash: sealed, position });
    if (altered) return undefined;
    if (this.disturbed.has(previousHash)) {
      // Whoever comes next tells which one is missing.
      const lost = this.disturbed.get(previousHash);
      if (lost) Object.assign(lost, { streamId, version: version - 1 });
      return undefined;
    }
    const before = head?.version ?? 0;
    if (version !== before + 1) {
      return about(event, 'broken_chain', `its stream was at version ${before} before it`, position);
    }
    return previousHash === (head?.hash ?? genesisHash) ? undefined : brokenLink(head, event, position);
  }
}

/** The link between two versions is broken: the later one was written after another one than now stands before it. */
export function brokenLink(before: Head | undefined, after: FoundEvent, position: number): Problem {
  if (!before)
    return about(after, 'broken_chain', 'it is the first of its stream, and says that one was before', position);
  const message = `version ${after.version}, at position ${position}, follows ${after.previousHash}, and not this one, ${before.hash}`;
  return about(before, 'broken_chain', message, before.position);
}
