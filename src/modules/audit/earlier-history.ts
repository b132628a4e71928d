import type { FoundEvent } from './event-alignment.js';
import { alignEvents } from './event-alignment.js';
import type { Seal } from './seal.js';
import type { Problem } from './verification-problem.js';

/**
 * What an evidence file of an organization held that was kept since: 32 bytes an event, and its seals. A later file must
 * begin with it.
 */
export class EarlierHistory {
  readonly seals: Seal[] = [];
  private bytes = Buffer.alloc(0);
  private count = 0;

  constructor(readonly organizationId: string) {}

  get size(): number {
    return this.count;
  }

  /** Takes down a seal and the hashes, hex, of the events that it added. */
  add(seal: Seal, hashes: readonly string[]): void {
    this.seals.push(seal);
    const needed = (this.count + hashes.length) * 32;
    if (needed > this.bytes.length) {
      const bytes = Buffer.alloc(Math.max(needed, this.bytes.length * 2));
      this.bytes.copy(bytes);
      this.bytes = bytes;
    }
    for (const hash of hashes) this.bytes.write(hash, this.count++ * 32, 'hex');
  }

  /** The hash, hex, of the event at a place from 0. */
  at(place: number): string {
    return this.bytes.toString('hex', place * 32, place * 32 + 32);
  }
}

/**
 * Holds the events of a file against those of an earlier one. Keeps nothing as long as they are the same, and all that
 * follows from the first that is not.
 */
export class EarlierComparison {
  private same = 0;
  private readonly others: FoundEvent[] = [];

  constructor(private readonly earlier: EarlierHistory) {}

  get organizationId(): string {
    return this.earlier.organizationId;
  }

  event(event: FoundEvent): void {
    const { earlier, same, others } = this;
    const isSame = others.length === 0 && same < earlier.size && event.hash === earlier.at(same);
    if (isSame && event.position === same + 1) this.same++;
    else if (same < earlier.size) others.push(event);
  }

  /** Which events were altered, removed, inserted and reordered since the earlier file. */
  end(): Problem[] {
    const { earlier, same, others } = this;
    if (same === earlier.size) return [];
    const hashes = Array.from({ length: earlier.size - same }, (_, at) => earlier.at(same + at));
    const { problems } = alignEvents(same, hashes, this.upToTheLast(hashes, others), new Map());
    return problems.map(({ message, ...problem }) => ({ ...problem, message: `${message}, by the earlier file` }));
  }

  /** What came to history later is none of the earlier file's business: it stands behind the last that it knows. */
  private upToTheLast(hashes: readonly string[], others: readonly FoundEvent[]): FoundEvent[] {
    const known = new Set(hashes);
    const last = others.findLastIndex(({ hash, stated }) => known.has(hash) || known.has(stated));
    return others.filter(({ position }, at) => at <= last || (position !== null && position <= this.earlier.size));
  }
}
