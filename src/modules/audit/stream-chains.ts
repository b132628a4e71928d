import { genesisHash } from '../event-store/history.js';
import type { FoundEvent, Placed } from './event-alignment.js';
import { about } from './event-alignment.js';
import type { Problem } from './verification-problem.js';

type Head = { version: number; hash: string };

/**
 * Follows the hash chain of every stream: versions without gaps from 1, each naming the hash of the one before. Keeps
 * some 250 bytes a stream, however many events it has and however large they are.
 */
export class StreamChains {
  private readonly heads = new Map<string, Head>();
  /** Hashes of events that are known to be missing or altered: what follows them is not to blame. */
  private readonly disturbed = new Map<string, Problem | undefined>();

  /** @param sealed the hash that was sealed at this place */
  follow({ event, altered, problem }: Placed, sealed: string, position: number): Problem | undefined {
    if (!event || altered) this.disturbed.set(sealed, problem);
    if (!event) return undefined;
    const { streamId, version, previousHash } = event;
    const head = this.heads.get(streamId) ?? { version: 0, hash: genesisHash };
    this.heads.set(streamId, { version, hash: sealed });
    if (altered || (version === head.version + 1 && previousHash === head.hash)) return undefined;
    if (this.disturbed.has(previousHash)) {
      // Whoever comes next tells which one is missing.
      const lost = this.disturbed.get(previousHash);
      if (lost) Object.assign(lost, { streamId, version: version - 1 });
      return undefined;
    }
    return about(event, 'broken_chain', faultOf(event, head), position);
  }
}

function faultOf({ version, previousHash }: FoundEvent, head: Head): string {
  if (version !== head.version + 1) return `its stream was at version ${head.version} before it`;
  return `it follows ${previousHash}, and version ${head.version} of its stream has the hash ${head.hash}`;
}
