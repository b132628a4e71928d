import type { MigrationInterface, QueryRunner } from 'typeorm';

type Replacement = [found: RegExp, instead: string];

/** Where the append function (0006) advances streams: what it reads of an item, and what it compares. */
const compare: Replacement[] = [
  [/"lastHash" text\)(?=\s+where (?:x\.expected|added) > 0)/g, `"lastHash" text, "previousHash" text)`],
  [
    /and s\.version = (\w)\.expected(?! \+)/g,
    `$& and ($1."previousHash" is null or s.last_hash = decode($1."previousHash", 'hex'))`,
  ],
];
const compareNoMore: Replacement[] = [
  [/, "previousHash" text\)/g, ')'],
  [/ and \(\w\."previousHash" is null or [^)]+\)\)/g, ''],
];

/**
 * An append is compared with the stream's last hash as well as with its version: `items` may say `previousHash`. A process
 * that outlives a restore of its database remembers versions that have come to be again, by another history.
 */
export class AppendToThisHistory0012 implements MigrationInterface {
  readonly name = 'AppendToThisHistory0001764000000012';

  up(db: QueryRunner): Promise<void> {
    return replaceInAppend(db, compare);
  }

  down(db: QueryRunner): Promise<void> {
    return replaceInAppend(db, compareNoMore);
  }
}

async function replaceInAppend(db: QueryRunner, replacements: Replacement[]): Promise<void> {
  const definition = `select pg_get_functiondef(oid) as text from pg_proc
    where proname = 'append' and pronamespace = 'specline'::regnamespace`;
  const [found] = (await db.query(definition)) as { text: string }[];
  let text = found?.text ?? '';
  for (const [pattern, instead] of replacements) {
    if (text.match(pattern)?.length !== 1) throw new Error(`the append function has not once: ${pattern.source}`);
    text = text.replace(pattern, instead);
  }
  await db.query(text);
}
