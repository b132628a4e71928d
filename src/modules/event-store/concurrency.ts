import type { Caller } from '../../commands/command.js';

/**
 * Compares If-Match with the resource addressed (RFC 9110, section 13.1.1). A tag is the stream version at which the
 * resource last changed; any later version that the stream has reached saw the same content and passes too, so the
 * tag of a whole spec is good for each of its sections.
 *
 * @returns nothing when the write may go on, otherwise the version since which the caller has missed changes
 */
export function staleSince(ifMatch: Caller['ifMatch'], tag: number | null, version: number): number | undefined {
  if (ifMatch === undefined || ifMatch === '*' || tag === null) return undefined;
  if (ifMatch.some((seen) => seen >= tag && seen <= version)) return undefined;
  const seen = Math.max(0, ...ifMatch);
  return seen > version ? tag - 1 : seen;
}

/** Whether If-Match names a version that the stream has had: what a merge can start from. */
export function isPast(ifMatch: Caller['ifMatch'], version: number): boolean {
  return (
    Array.isArray(ifMatch) && ifMatch.length === 1 && ifMatch.every((seen: number) => seen >= 1 && seen <= version)
  );
}
