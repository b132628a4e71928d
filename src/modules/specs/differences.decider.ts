import type { RelationType } from '../../commands/relation.commands.js';
import type { SectionContent, specEvents } from '../../events/spec.events.js';
import type { EventOf } from '../event-store/decider.js';
import type { Section, Spec } from './spec-state.decider.js';

export type SpecEvent = EventOf<typeof specEvents>;

/** A section as it shall be. Without `body` its text stays as it is; without `notApplicable`, its mark too. */
export type DesiredSection = Omit<SectionContent, 'body'> & { body?: string; notApplicable?: string | null };

/** A spec as it shall be; what is left out stays as it is. */
export type DesiredSpec = {
  title: string;
  preamble: string;
  sections: readonly DesiredSection[];
  labels?: readonly string[];
  owner?: string | null;
  relations?: readonly { type: RelationType; specId: string }[];
};

/** The events that lead from what is to what shall be: none for what is the same, and as few moves as there can be. */
export function differences(spec: Spec, desired: DesiredSpec): SpecEvent[] {
  return [...headDifferences(spec, desired), ...sectionDifferences(spec.sections, desired.sections)];
}

function headDifferences(spec: Spec, { title, preamble, labels, owner, relations }: DesiredSpec): SpecEvent[] {
  const events: SpecEvent[] = [];
  if (title !== spec.title) events.push({ type: 'spec.document.retitled', data: { title, preamble } });
  else if (preamble !== spec.preamble) events.push({ type: 'spec.preamble.updated', data: { preamble } });
  if (labels && !sameSet(labels, spec.labels)) {
    events.push({ type: 'spec.document.labelled', data: { labels: [...labels] } });
  }
  if (owner !== undefined && owner !== spec.owner)
    events.push({ type: 'spec.document.owner_assigned', data: { owner } });
  if (relations) {
    const same = (a: { type: string; specId: string }) => (b: typeof a) => a.type === b.type && a.specId === b.specId;
    for (const relation of spec.relations.filter((r) => !relations.some(same(r)))) {
      const { type, specId: relatedSpecId } = relation;
      events.push({ type: 'spec.document.unrelated', data: { type, relatedSpecId } });
    }
    for (const relation of relations.filter((r) => !spec.relations.some(same(r)))) {
      const { type, specId: relatedSpecId } = relation;
      events.push({ type: 'spec.document.related', data: { type, relatedSpecId } });
    }
  }
  return events;
}

const sameSet = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((item) => b.includes(item));

function sectionDifferences(present: readonly Section[], desired: readonly DesiredSection[]): SpecEvent[] {
  const wanted = new Set(desired.map(({ key }) => key));
  const before = new Map(present.map((section) => [section.key, section]));
  const gone = present.filter(({ key }) => !wanted.has(key));
  const order = present.filter(({ key }) => wanted.has(key)).map(({ key }) => key);
  const stays = longestInOrder(
    desired.map(({ key }) => key).filter((key) => before.has(key)),
    order,
  );

  const events: SpecEvent[] = gone.map(({ key }) => ({ type: 'spec.section.removed', data: { key } }));
  desired.forEach(({ notApplicable, body, ...section }, index) => {
    const { key } = section;
    const position = index === 0 ? 0 : order.indexOf(desired[index - 1]?.key ?? '') + 1;
    const old = before.get(key);
    if (!old) {
      order.splice(position, 0, key);
      events.push({ type: 'spec.section.added', data: { section: { ...section, body: body ?? '' }, position } });
      if (notApplicable) {
        events.push({ type: 'spec.section.marked_not_applicable', data: { key, reason: notApplicable } });
      }
      return;
    }
    if (!stays.has(key)) {
      const from = order.indexOf(key);
      order.splice(from, 1);
      const to = from < position ? position - 1 : position;
      order.splice(to, 0, key);
      events.push({ type: 'spec.section.moved', data: { key, position: to } });
    }
    events.push(...textDifferences(old, { ...section, body, notApplicable }));
  });
  return events;
}

function textDifferences(old: Section, { notApplicable, body, ...section }: DesiredSection): SpecEvent[] {
  const events: SpecEvent[] = [];
  const { key, heading, headingSource, contentHash, open } = section;
  if (headingSource !== old.headingSource) {
    events.push({ type: 'spec.section.renamed', data: { key, heading, headingSource } });
  }
  const rewritten = body !== undefined && (contentHash !== old.contentHash || (open ?? false) !== old.open);
  if (rewritten) events.push({ type: 'spec.section.updated', data: { key, body, contentHash, ...(open && { open }) } });
  const mark = rewritten ? null : old.notApplicable;
  if (notApplicable === undefined || notApplicable === mark) return events;
  return [
    ...events,
    notApplicable === null
      ? { type: 'spec.section.marked_applicable', data: { key } }
      : { type: 'spec.section.marked_not_applicable', data: { key, reason: notApplicable } },
  ];
}

/** The keys that need not move: a longest increasing subsequence of their present places. */
function longestInOrder(desired: readonly string[], present: readonly string[]): Set<string> {
  const place = new Map(present.map((key, index) => [key, index]));
  const places = desired.map((key) => place.get(key) ?? 0);
  const tails: number[] = [];
  const previous = new Map<number, number>();
  places.forEach((value, index) => {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((places[tails[middle] ?? 0] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    previous.set(index, tails[low - 1] ?? -1);
    tails[low] = index;
  });
  const kept = new Set<string>();
  for (let at = tails.at(-1) ?? -1; at >= 0; at = previous.get(at) ?? -1) kept.add(desired[at] ?? '');
  return kept;
}
