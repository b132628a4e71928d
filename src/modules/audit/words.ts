import { LRUCache } from 'lru-cache';
import type { ClientBase } from 'pg';

/** Of a longer word, such as of data in Base64, only the beginning is told apart, in characters. */
const longest = 100;

/** Stems that words have, none where everybody uses them: the same words come again and again. */
const known = new LRUCache<string, readonly string[]>({ max: 50_000 });

const askStems = {
  name: 'audit.stems',
  text: `select word, ts_lexize('english_stem', word) as stems from unnest($1::text[]) as word`,
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
  for (const word of text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? []) words.add(word.slice(0, longest));
  return words;
}

/**
 * What the index of words has of texts, by PostgreSQL's English stems, each with the organization in front: the index
 * holds the words of all organizations, and how often another one uses a word shall cost nothing. Of ids that came about
 * together only the end differs.
 */
export async function termsOf(
  texts: readonly { organizationId: string; text: string }[],
  client: ClientBase,
): Promise<string[][]> {
  const words = texts.map(({ text }) => [...wordsIn(text)]);
  const stems = await stemsOf(new Set(words.flat()), client);
  return texts.map(({ organizationId }, at) => {
    const owner = organizationId.slice(-6);
    const terms = new Set<string>();
    for (const word of words[at] ?? []) for (const stem of stems(word)) terms.add(owner + stem);
    return [...terms];
  });
}

async function stemsOf(words: ReadonlySet<string>, client: ClientBase): Promise<(word: string) => readonly string[]> {
  const found = new Map<string, readonly string[]>();
  const unknown: string[] = [];
  for (const word of words) {
    const stems = known.get(word);
    if (stems) found.set(word, stems);
    else unknown.push(word);
  }
  if (unknown.length > 0) {
    const { rows } = await client.query<{ word: string; stems: string[] | null }>({ ...askStems, values: [unknown] });
    for (const { word, stems } of rows) {
      known.set(word, stems ?? []);
      found.set(word, stems ?? []);
    }
  }
  return (word) => found.get(word) ?? [];
}
