import { comparableHeading, headingLikeness, shareWord } from './heading-likeness.js';
import type { ComparableHeading } from './heading-likeness.js';
import { slugify } from './headings.js';

/** A section that a template asks for. `guidance`: the section's body in the template. */
export type TemplateSection = {
  key: string;
  heading: string;
  required: boolean;
  aliases: readonly string[];
  guidance: string;
};

/** Which section of the template a heading stands for, how that was found, and how sure it is (0 to 1). */
export type SectionMatch = {
  key: string;
  heading: string;
  matchedBy: 'exact' | 'alias' | 'order' | 'fuzzy' | 'custom';
  confidence: number;
};

/** Below this, two headings do not mean the same section: a wrong match is worse than a custom section. */
const leastLikeness = 0.85;

type Wanted = ComparableHeading & { key: string; folded: string; aliases: ReadonlySet<string> };
type Given = ComparableHeading & { heading: string; folded: string; match: SectionMatch | undefined };

/**
 * The section key of each heading, in order; keys are distinct. A heading that stands for a section of the template
 * gets its key, the first and best one if several do; every other heading gets a key made of its words.
 */
export function matchSections(headings: readonly string[], template: readonly TemplateSection[]): SectionMatch[] {
  const wanted = template.map((section) => wantedSection(section));
  const given = headings.map((heading): Given => {
    return { ...comparableHeading(heading), heading, folded: fold(heading), match: undefined };
  });
  const free = new Map(wanted.map((section) => [section.key, section]));

  const take = (heading: Given, section: Wanted | undefined, matchedBy: SectionMatch['matchedBy'], sure: number) => {
    if (heading.match || !section || !free.delete(section.key)) return;
    heading.match = { key: section.key, heading: heading.heading, matchedBy, confidence: sure };
  };
  const byHeading = firstBy(wanted, (section) => [section.folded]);
  const byText = firstBy(wanted, (section) => [section.text]);
  const byAlias = firstBy(wanted, (section) => [...section.aliases]);
  for (const heading of given) take(heading, byHeading.get(heading.folded), 'exact', 1);
  for (const heading of given) take(heading, byText.get(heading.text), 'alias', 0.9);
  for (const heading of given) take(heading, byAlias.get(heading.text), 'alias', 0.95);
  for (const [heading, section] of betweenNeighbours(given, wanted)) take(heading, section, 'order', 0.7);
  for (const { heading, section, likeness } of likePairs(given, [...free.values()])) {
    take(heading, section, 'fuzzy', likeness);
  }

  const taken = new Set(template.map(({ key }) => key));
  return given.map(({ heading, match }) => match ?? customMatch(heading, taken));
}

/** The keys of required sections that no heading stands for, in the template's order. */
export function missingKeys(matches: readonly { key: string }[], template: readonly TemplateSection[]): string[] {
  const present = new Set(matches.map(({ key }) => key));
  return template.filter(({ key, required }) => required && !present.has(key)).map(({ key }) => key);
}

function wantedSection({ key, heading, aliases }: TemplateSection): Wanted {
  const comparable = comparableHeading(heading);
  return {
    ...comparable,
    key,
    folded: fold(heading),
    aliases: new Set(aliases.map((alias) => comparableHeading(alias).text)),
  };
}

function customMatch(heading: string, taken: Set<string>): SectionMatch {
  const key = slugify(heading, taken);
  taken.add(key);
  return { key, heading, matchedBy: 'custom', confidence: 1 };
}

function firstBy(sections: readonly Wanted[], names: (section: Wanted) => string[]): Map<string, Wanted> {
  const found = new Map<string, Wanted>();
  for (const section of sections) {
    for (const name of names(section)) if (name && !found.has(name)) found.set(name, section);
  }
  return found;
}

/** Headings between two neighbours of the one section that the template has there, if they share a word with it. */
function betweenNeighbours(given: readonly Given[], wanted: readonly Wanted[]): [Given, Wanted][] {
  const position = new Map(wanted.map(({ key }, index) => [key, index]));
  const positionOf = (heading: Given | undefined) => position.get(heading?.match?.key ?? '');
  return given.flatMap((heading, index) => {
    const before = positionOf(given[index - 1]);
    const after = positionOf(given[index + 1]);
    const section = before !== undefined && after === before + 2 ? wanted[before + 1] : undefined;
    return section && !heading.match && shareWord(heading, section) ? [[heading, section] as [Given, Wanted]] : [];
  });
}

function likePairs(given: readonly Given[], free: readonly Wanted[]) {
  return given
    .filter(({ match }) => !match)
    .flatMap((heading) => free.map((section) => ({ heading, section, likeness: headingLikeness(heading, section) })))
    .filter(({ likeness }) => likeness >= leastLikeness)
    .sort((one, other) => other.likeness - one.likeness);
}

const fold = (heading: string) => heading.trim().toLowerCase();

type NextSection = { heading: string; bodyHash: string };
type KnownSection = NextSection & { key: string };

/** What makes a section the same as one before, strongest first; by body only if no other section has that body. */
const identities: readonly { nameOf: (section: NextSection) => string; onlyIfUnique: boolean }[] = [
  { nameOf: ({ heading, bodyHash }) => `${bodyHash} ${heading}`, onlyIfUnique: false },
  { nameOf: ({ heading }) => heading, onlyIfUnique: false },
  { nameOf: ({ heading }) => fold(heading), onlyIfUnique: false },
  { nameOf: ({ bodyHash }) => bodyHash, onlyIfUnique: true },
];

/**
 * The keys of a new version's sections, in order and distinct, given the sections of the version before. A section
 * keeps its key if it keeps its heading (with the same body first, then in order, then but for case) or its body (it
 * was renamed). The rest is matched with the template, as far as keys are free, and then named by its words.
 */
export function reconcileSections(
  next: readonly NextSection[],
  known: readonly KnownSection[],
  template: readonly TemplateSection[],
): string[] {
  const keys: (string | undefined)[] = next.map(() => undefined);
  const used = new Set<string>();
  const assign = (index: number, key: string) => {
    keys[index] = key;
    used.add(key);
  };
  for (const { nameOf, onlyIfUnique } of identities) {
    const waiting = groupBy(
      known.filter(({ key }) => !used.has(key)),
      nameOf,
    );
    const asking = groupBy(
      [...next.entries()].filter(([index]) => keys[index] === undefined),
      ([, section]) => nameOf(section),
    );
    for (const [name, entries] of asking) {
      const sections = waiting.get(name) ?? [];
      if (onlyIfUnique && (sections.length > 1 || entries.length > 1)) continue;
      for (const [order, section] of sections.entries()) {
        const entry = entries[order];
        if (entry) assign(entry[0], section.key);
      }
    }
  }
  if (!keys.includes(undefined)) return keys.map(String);

  const matches = matchSections(
    next.map(({ heading }) => heading),
    template,
  );
  for (const [index, { key, matchedBy }] of matches.entries()) {
    if (keys[index] === undefined && matchedBy !== 'custom' && !used.has(key)) assign(index, key);
  }
  const taken = new Set([...used, ...template.map(({ key }) => key)]);
  return keys.map((key, index) => key ?? customMatch(next[index]?.heading ?? '', taken).key);
}

function groupBy<T>(items: readonly T[], nameOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(nameOf(item));
    if (group) group.push(item);
    else groups.set(nameOf(item), [item]);
  }
  return groups;
}
