import { LRUCache } from 'lru-cache';
import type { SectionContent } from '../../events/spec.events.js';
import type { RecordedEvent } from '../event-store/history.js';

/** What is known of a stream's sections after a version of it; of those that are not in it nothing is. */
type Known = { version: number; hashes: Map<string, string> };

type Said = { key?: string; contentHash?: string; section?: SectionContent; sections?: readonly SectionContent[] };

/**
 * Which hash a section had before an event, for those who see every event of a stream: nothing is known of a stream any
 * more as soon as an event of it was not seen, or was seen again.
 */
export class SectionHashes {
  private readonly streams = new LRUCache<string, Known>({ max: 2_000 });

  /** Takes in an event. @returns the hash of its section before it; null where that is not known */
  pass({ organizationId, streamId, version, type, payload }: RecordedEvent): string | null {
    if (!type.startsWith('spec.')) return null;
    const stream = `${organizationId}/${streamId}`;
    let known = this.streams.get(stream);
    if (known?.version !== version - 1) this.streams.set(stream, (known = { version, hashes: new Map() }));
    known.version = version;
    return follow(known.hashes, type, payload);
  }
}

function follow(
  hashes: Map<string, string>,
  type: string,
  { key = '', contentHash, section, sections }: Said,
): string | null {
  const before = hashes.get(key) ?? null;
  if (type === 'spec.section.updated' && contentHash !== undefined) {
    hashes.set(key, contentHash);
    return before;
  }
  if (type === 'spec.section.removed') {
    hashes.delete(key);
    return before;
  }
  for (const one of section ? [section] : (sections ?? [])) hashes.set(one.key, one.contentHash);
  return null;
}
