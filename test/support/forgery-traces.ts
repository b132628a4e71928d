import type { Seal } from '../../src/modules/audit/seal.js';
import type { Report } from '../../src/modules/audit/verification.js';
import type { RecordedEvent } from '../../src/modules/event-store/history.js';
import type { Forger } from './forger.js';

type Entry = { position: number; seq: number; eventId: string; hash: string };

/** What evidence is made of, as it stands in the tables. */
export type Traces = { events: RecordedEvent[]; seals: Seal[]; ledger: Entry[]; keys: object[] };

export async function tracesOf(forger: Forger): Promise<Traces> {
  const ledger = `select position, seq, event_id as "eventId", encode(hash, 'hex') as hash, stream_id, version
    from specline.ledger_entry where organization_id = $1 order by position`;
  return {
    events: await forger.events(),
    seals: await forger.seals(),
    ledger: await forger.ask(ledger, [forger.organizationId]),
    keys: await forger.ask('select key_id, public_key from specline.signing_key order by key_id'),
  };
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The positions of the events that are not what and where they were. */
function touchedIn(truth: Traces, now: Traces): number[] {
  const byId = new Map(now.events.map((event) => [event.eventId, event]));
  return truth.events.flatMap((event, at) => (same(event, byId.get(event.eventId)) ? [] : [at + 1]));
}

/** The events that never were, as far as an export shows them: up to where the newest seal ends. */
function addedIn(truth: Traces, now: Traces): (RecordedEvent & { position: number | undefined })[] {
  const known = new Set(truth.events.map(({ eventId }) => eventId));
  const entries = new Map(now.ledger.map((entry) => [entry.eventId, entry]));
  const size = now.seals.at(-1)?.size ?? 0;
  const end = now.ledger.findLast(({ position }) => position <= size)?.seq ?? 0;
  return now.events.flatMap((event) => {
    const position = entries.get(event.eventId)?.position;
    const isShown = position === undefined ? event.seq <= end : position <= size;
    return known.has(event.eventId) || !isShown ? [] : [{ ...event, position }];
  });
}

/**
 * Whether what the seals cover is what they covered in truth, be it less: whoever knows no later seal cannot tell it from
 * an earlier time. What they do not cover is in no export.
 */
export function isTrueUpToItsSeals(truth: Traces, now: Traces): boolean {
  const size = now.seals.at(-1)?.size ?? 0;
  return (
    now.seals.length > 0 &&
    same(now.seals, truth.seals.slice(0, now.seals.length)) &&
    same(now.ledger.slice(0, size), truth.ledger.slice(0, size)) &&
    same(now.keys, truth.keys) &&
    touchedIn(truth, now).every((position) => position > size) &&
    addedIn(truth, now).length === 0
  );
}

/** Whether it is that, and no seal is gone. */
export const isTruthful = (truth: Traces, now: Traces): boolean =>
  isTrueUpToItsSeals(truth, now) && now.seals.length === truth.seals.length;

/** Every event and every seal to which something was done and that a report does not name. */
export function unnamedIn({ problems, firstEvent }: Report, truth: Traces, now: Traces): string[] {
  const touched = touchedIn(truth, now);
  const positions = new Set(problems.map(({ position }) => position));
  const ids = new Set(problems.map(({ eventId }) => eventId));
  const seals = new Set(problems.map(({ seal }) => seal));
  const present = new Map(now.seals.map((seal) => [seal.number, seal]));
  const forged = truth.seals.filter((seal) => !same(seal, present.get(seal.number)));
  // What a forged seal adds behind everything that was is told with the seal.
  const isToldBySeal = (position = 0) => {
    const seal = now.seals.find(({ size }) => size >= position);
    return position > truth.events.length && seals.has(seal?.number);
  };
  const strange = addedIn(truth, now).filter(({ eventId, position }) => !ids.has(eventId) && !isToldBySeal(position));
  const first = Math.min(...touched);
  return [
    ...touched.filter((position) => !positions.has(position)).map((position) => `the event at ${position}`),
    ...strange.map(({ eventId }) => `the event ${eventId}, which never was,`),
    ...forged.filter(({ number }) => !seals.has(number)).map(({ number }) => `seal ${number}`),
    ...(touched.length > 0 && (firstEvent?.position ?? Infinity) > first ? [`the first event, at ${first},`] : []),
  ];
}
