import { trimMarks } from './inline.js';
import type { Part } from './tree.js';

/** What a part of a specification is about, as far as typed elements are concerned. */
export type Topic =
  | 'userStories'
  | 'designDecisions'
  | 'alternatives'
  | 'commandsEvents'
  | 'dataModels'
  | 'apiContracts'
  | 'i18n'
  | 'settings'
  | 'plan'
  | 'fileManifest'
  | 'openQuestions'
  | 'risks'
  | 'compliance'
  | 'changelog'
  | 'other';

/** The sections of the built-in template that are about one topic. */
const topicOfKey: Readonly<Record<string, Topic>> = {
  'user-stories-use-cases': 'userStories',
  'data-models': 'dataModels',
  'api-contracts': 'apiContracts',
  'internationalization-i18n': 'i18n',
  configuration: 'settings',
  'implementation-plan': 'plan',
  'risks-impact-review': 'risks',
  'final-compliance-report': 'compliance',
  changelog: 'changelog',
};

/** Headings that name a topic wherever they stand. A subheading must match as a whole, so patterns are anchored. */
const headings: readonly (readonly [Topic, RegExp])[] = [
  ['compliance', /^final compliance report\b/],
  ['compliance', /^(agents md files reviewed|compliance matrix|internal consistency check|non-compliant items)$/],
  ['openQuestions', /^(non-?blocking |remaining |unresolved )?open questions\b/],
  ['fileManifest', /^(expected )?file manifest\b|^(affected|new|modified) files$|^files (to|touched|changed|added)\b/],
  ['alternatives', /^(rejected )?alternatives( considered| rejected)?$|^(considered|rejected) alternatives$/],
  [
    'designDecisions',
    /^(key |core |design |architectur(e|al) |resolved )*(design |implementation )?decisions( locked)?$/,
  ],
  ['commandsEvents', /^(new |shared |phase \w+ )?commands?( ids?)?$|^(new |phase \w+ )?commands?( and|,| —) .+/],
  ['commandsEvents', /^(new )?events? (and|,) commands?\b/],
  ['commandsEvents', /^commands? for .+|^(new |phase \w+ )?events?( ids?)?$|^events (emitted|consumed|introduced)\b/],
  ['dataModels', /^data models?$|^(database|db) schema$/],
  ['apiContracts', /^(new |rest |http )?api (contracts?|design|endpoints?|routes?)$/],
  ['i18n', /^(internationalization|i18n)( i18n)?( keys?)?( plan)?$|^(translation|locale) keys?$/],
  ['settings', /^configuration$|^(required )?(environment|env) (variables?|vars?)$/],
  ['risks', /^risks?( and)? impact review$|^risk register$/],
  ['changelog', /^change ?log$/],
];

/** Words that are enough in the heading of a section of its own, where nothing else says what it is about. */
const sectionHeadings: readonly (readonly [Topic, RegExp])[] = [
  ['compliance', /\bcompliance report\b/],
  ['changelog', /\bchange ?log\b/],
  ['risks', /\brisks?\b/],
  ['dataModels', /\bdata models?\b|\b(database|db) schema\b|^entities$/],
  ['apiContracts', /\bapi (contracts?|design|endpoints?|routes?)\b|^(http |rest )?endpoints$/],
  ['commandsEvents', /^(commands|events)\b/],
  ['plan', /^implementation (plan|phases|steps|approach|tasks)\b|^(phasing|phases|rollout plan)\b|^phase \w+\b/],
  ['userStories', /\buser stor(y|ies)\b|\buse cases?\b/],
  ['i18n', /\bi18n keys\b|^internationalization\b/],
  ['settings', /\benvironment variables\b/],
  ['designDecisions', /^(design )?decisions\b/],
];

/** The words of a heading: no numbering, marks, notes in parentheses or date; `&` read as `and`. */
export const headingWords = (heading: string): string =>
  trimMarks(
    heading
      .toLowerCase()
      .replace(/\([^()]*\)/g, ' ')
      .replace(/&/g, ' and ')
      .replace(/\b\d{4}-\d\d-\d\d\b/g, ' ')
      .replace(/^[^a-z0-9]*(\d+[\d.]*[a-z]?[.)]?|§[\d.]+)\s+/, '')
      .replace(/[^a-z0-9,—–-]+/g, ' '),
    ' ,—–-',
  );

/**
 * What a part is about: the nearest heading inside the section that names a topic, else the section's key, else the
 * words of the section's heading.
 */
export function topicOf(part: Part, key: string, sectionHeading: string): Topic {
  for (const heading of [part, ...part.parents.toReversed()]) {
    if (heading.parents.length === 0 && heading.depth <= 2) break;
    const named = topicNamed(headings, heading.title);
    if (named) return named;
  }
  return (
    topicOfKey[key] ?? topicNamed(headings, sectionHeading) ?? topicNamed(sectionHeadings, sectionHeading) ?? 'other'
  );
}

function topicNamed(patterns: typeof headings, heading: string): Topic | undefined {
  const words = headingWords(heading);
  return patterns.find(([, pattern]) => pattern.test(words))?.[0];
}
