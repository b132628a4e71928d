import { Refusal } from '../../commands/refusals.js';
import type { DesiredSection, DesiredSpec } from './differences.decider.js';
import type { Section, Spec } from './spec-state.decider.js';

/** One side of a three-way merge of a section. */
type Side = { headingSource: string; contentHash: string; notApplicable?: string | null };

/**
 * Three-way merge by section: `mine` was written from `base`, and the spec is at `theirs` by now. Each section, like the
 * preamble, the labels, the owner and the relations, is taken from the side that changed it; what both sides changed
 * differently is a conflict, answered with both.
 *
 * @param bodies the present text of each section, for the answer to a conflict
 */
export function mergeThreeWay(
  base: Spec,
  theirs: Spec,
  mine: DesiredSpec,
  bodies: ReadonlyMap<string, string>,
): DesiredSpec {
  const conflicts: object[] = [];
  const pick = <T>(field: string, b: T, t: T, m: T | undefined): T | undefined => {
    const [before, there, here] = [b, t, m].map((value) => JSON.stringify(value));
    if (m === undefined || here === before || here === there) return undefined;
    if (there !== before) conflicts.push({ field, yours: m, theirs: t });
    return m;
  };
  const preamble = pick('preamble', base.preamble, theirs.preamble, mine.preamble);
  const labels = pick('labels', base.labels, theirs.labels, mine.labels);
  const owner = pick('owner', base.owner, theirs.owner, mine.owner);
  const relations = pick('relations', base.relations, theirs.relations, mine.relations);

  const [inBase, inTheirs, inMine] = [byKey(base.sections), byKey(theirs.sections), byKey(mine.sections)];
  const sections = mergeOrder(base, theirs, mine).flatMap((key): DesiredSection[] => {
    const [b, t, m] = [inBase.get(key), inTheirs.get(key), inMine.get(key)];
    const marked = m && { ...m, notApplicable: m.notApplicable === undefined ? b?.notApplicable : m.notApplicable };
    if (sameSection(marked, b)) return t ? [keep(t)] : [];
    if (sameSection(t, b) || sameSection(t, marked)) return m ? [m] : [];
    conflicts.push({
      sectionKey: key,
      yours: m ? { heading: m.heading, body: m.body, notApplicable: marked?.notApplicable ?? null } : null,
      theirs: t
        ? { heading: t.heading, body: bodies.get(key), notApplicable: t.notApplicable, version: t.version }
        : null,
    });
    return [];
  });

  if (conflicts.length > 0) {
    const detail = 'Settle what is listed, and send the document with the present version in If-Match.';
    throw new Refusal('merge_conflict', detail, { conflicts });
  }
  const title = preamble === undefined ? theirs.title : mine.title;
  return { title, preamble: preamble ?? theirs.preamble, sections, labels, owner, relations };
}

const byKey = <T extends { key: string }>(sections: readonly T[]) => new Map(sections.map((s) => [s.key, s]));

const sameSection = (a: Side | undefined, b: Side | undefined): boolean =>
  a?.contentHash === b?.contentHash &&
  a?.headingSource === b?.headingSource &&
  (a?.notApplicable ?? null) === (b?.notApplicable ?? null);

const keep = ({ key, heading, headingSource, contentHash, open }: Section): DesiredSection => {
  return { key, heading, headingSource, contentHash, ...(open && { open }) };
};

/** My order if I changed the order of what was there, else theirs; what only the other side added goes behind its neighbour. */
function mergeOrder(base: Spec, theirs: Spec, mine: DesiredSpec): string[] {
  const keys = { base: keysOf(base), theirs: keysOf(theirs), mine: keysOf(mine) };
  const reordered = !sameOrder(keys.base, keys.mine);
  const [lead, other] = reordered ? [keys.mine, keys.theirs] : [keys.theirs, keys.mine];
  const order = [...lead];
  other.forEach((key, index) => {
    if (order.includes(key)) return;
    order.splice(order.indexOf(other[index - 1] ?? '') + 1, 0, key);
  });
  return order;
}

const keysOf = ({ sections }: { sections: readonly { key: string }[] }) => sections.map(({ key }) => key);

function sameOrder(a: readonly string[], b: readonly string[]): boolean {
  const common = a.filter((key) => b.includes(key));
  return b.filter((key) => a.includes(key)).every((key, index) => key === common[index]);
}
