import type { ClientBase } from 'pg';
import { cut } from './audit-entry.js';

/** Of a longer word, such as of data in Base64, only the beginning is told apart, in characters. */
const longest = 100;

/** The stem of each word that came by, '' where everybody uses it: the same ones come again and again. */
let known = new Map<string, string>();
const mostKnown = 50_000;

const askStems = {
  name: 'audit.stems',
  text: `select word, coalesce((ts_lexize('english_stem', word))[1], '') as stem from unnest($1::text[]) as word`,
};

/** What the index of words is asked for: all terms of some words ($2) of an organization ($1). */
export const wantedTerms = `select array(select distinct right($1::uuid::text, 6) || stem
  from unnest($2::text[]) as word, unnest(ts_lexize('english_stem', word)) as stem) as terms`;

/**
 * The words of a text, each once: runs of letters, marks and digits of any script, in lower case. PostgreSQL's own
 * parser, which also tells apart addresses and numbers, takes ten times as long, and this is done for every event.
 */
export function wordsIn(text: string): Set<string> {
  const words = new Set<string>();
  for (const word of text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? []) words.add(cut(word, longest));
  return words;
}

/**
 * What the index of words has of texts, with spaces between: PostgreSQL's English stems, each with the organization in
 * front. The index holds the words of all organizations, and how often another one uses a word shall cost nothing. Of
 * ids that came about together only the end differs.
 */
export async function termsOf(
  texts: readonly { organizationId: string; text: string }[],
  client: ClientBase,
): Promise<string[]> {
  const words = texts.map(({ text }) => wordsIn(text));
  const stemOf = await stemsOf(words, client);
  return texts.map(({ organizationId }, at) => {
    const stems = new Set<string>();
    for (const word of words[at] ?? []) stems.add(stemOf.get(word) ?? '');
    stems.delete('');
    const owner = organizationId.slice(-6);
    return stems.size === 0 ? '' : owner + [...stems].join(` ${owner}`);
  });
}

/** The stems of these words, among others. */
async function stemsOf(
  texts: readonly ReadonlySet<string>[],
  client: ClientBase,
): Promise<ReadonlyMap<string, string>> {
  if (known.size > mostKnown) known = new Map();
  // Whoever begins another one meanwhile leaves this one whole.
  const stems = known;
  const unknown = new Set<string>();
  for (const words of texts) for (const word of words) if (!stems.has(word)) unknown.add(word);
  if (unknown.size === 0) return stems;
  const { rows } = await client.query<{ word: string; stem: string }>({ ...askStems, values: [[...unknown]] });
  for (const { word, stem } of rows) stems.set(word, stem);
  return stems;
}
