import type { MissingLine } from './evidence-line.js';
import type { Problem } from './verification-problem.js';

/** What is kept of an event line until its seal comes. */
export type FoundEvent = {
  line: number;
  position: number | null;
  streamId: string;
  version: number;
  eventId: string;
  previousHash: string;
  /** The hash of what the line holds, hex. */
  hash: string;
  /** The hash that the line says it has. */
  stated: string;
};

/** What stands at each place of a stretch of history: the sealed event, one that was altered, or none. */
export type Placed = { event: FoundEvent | undefined; altered: boolean; problem?: Problem };

/**
 * Lays the events of a file beside the hashes that were sealed, and tells altered, removed, inserted and reordered ones
 * apart. An event is known by its hash, wherever it stands.
 *
 * @param before how many events were sealed before this stretch
 * @param hashes the sealed events' hashes, in order
 * @param gone what the ledger still knows of events that history has no more, by position
 */
export function alignEvents(
  before: number,
  hashes: readonly string[],
  found: readonly FoundEvent[],
  gone: ReadonlyMap<number, MissingLine>,
): { problems: Problem[]; placed: Placed[] } {
  const places = new Map(hashes.map((hash, place) => [hash, place]));
  const placed = hashes.map((): Placed => ({ event: undefined, altered: false }));
  const problems: Problem[] = [];
  const strangers: { event: FoundEvent; standing: number }[] = [];
  const order: FoundEvent[] = [];
  let standing = before;
  for (const event of found) {
    const place = places.get(event.hash);
    const slot = place === undefined ? undefined : placed[place];
    if (place === undefined || slot === undefined || slot.event) strangers.push({ event, standing });
    else {
      slot.event = event;
      standing = before + place + 1;
      order.push(event);
    }
  }

  for (const { event, standing: last } of strangers) {
    const stated = places.get(event.stated);
    const candidates = [stated, event.position === null ? undefined : event.position - before - 1];
    const place = candidates.find((one) => one !== undefined && placed[one]?.event === undefined && placed[one]);
    const slot = place === undefined ? undefined : placed[place];
    if (place !== undefined && slot) {
      Object.assign(slot, { event, altered: true });
      const how = alteration(event, hashes[place] ?? '');
      problems.push(about(event, 'event_altered', how, before + place + 1));
    } else {
      const copy = places.has(event.hash);
      const what = copy ? 'it stands in the history twice' : 'it was never sealed';
      problems.push(about(event, 'event_inserted', what, event.position ?? last + 1));
    }
  }

  placed.forEach((slot, place) => {
    const position = before + place + 1;
    const { event, altered } = slot;
    if (!event) {
      const { streamId, version, eventId } = gone.get(position) ?? {};
      const message = `the event with the hash ${hashes[place]} was sealed here and is missing`;
      slot.problem = { check: 'event_removed', message, position, streamId, version, eventId };
      problems.push(slot.problem);
    } else if (!altered && event.stated !== event.hash) {
      problems.push(about(event, 'event_altered', 'its hash is not that of its content, which is as sealed', position));
    }
  });
  problems.push(...misplaced(before, places, order));
  return { problems: problems.sort((a, b) => (a.position ?? 0) - (b.position ?? 0)), placed };
}

function alteration(event: FoundEvent, sealed: string): string {
  if (event.stated === sealed) return 'its content does not fit its hash, which is as sealed';
  if (event.stated === event.hash) return 'another event was sealed here: its content and its hash were both changed';
  return 'its content does not fit its hash, and neither is what was sealed';
}

/** Sealed events that stand elsewhere than they were sealed. */
function misplaced(before: number, places: ReadonlyMap<string, number>, order: readonly FoundEvent[]): Problem[] {
  const positionOf = ({ hash }: FoundEvent) => before + (places.get(hash) ?? 0) + 1;
  const sorted = order.map(positionOf).sort((a, b) => a - b);
  const moved = order.filter((event, place) => positionOf(event) !== sorted[place]);
  const wrong = order.filter((event) => !moved.includes(event) && event.position !== positionOf(event));
  return [
    ...moved.map((event) =>
      about(
        event,
        'event_reordered',
        `it does not stand where it was sealed, at ${positionOf(event)}`,
        positionOf(event),
      ),
    ),
    ...wrong.map((event) => {
      const said =
        event.position === null ? 'history has it at another place' : `it says that it is at ${event.position}`;
      return about(event, 'event_reordered', `${said}, and it was sealed at ${positionOf(event)}`, positionOf(event));
    }),
  ];
}

/** A problem with an event. */
export function about(
  { line, streamId, version, eventId }: Pick<FoundEvent, 'line' | 'streamId' | 'version' | 'eventId'>,
  check: Problem['check'],
  message: string,
  position?: number,
): Problem {
  return { check, message, line, position, streamId, version, eventId };
}
