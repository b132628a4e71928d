import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Text of the append function (0006), and what stands there instead. */
const changes: [before: string, after: string][] = [
  [`expected bigint, added int, "lastHash" text)`, `expected bigint, added int, "lastHash" text, "previousHash" text)`],
  [
    `and s.version = i.expected\n`,
    `and s.version = i.expected\n            and (i."previousHash" is null or s.last_hash = decode(i."previousHash", 'hex'))\n`,
  ],
];

/**
 * An append is compared with the stream's last hash as well as with its version: `items` may say `previousHash`. A process
 * that outlives a restore of its database remembers versions that have come to be again, by another history.
 */
export class AppendToThisHistory0012 implements MigrationInterface {
  readonly name = 'AppendToThisHistory0001764000000012';

  up(db: QueryRunner): Promise<void> {
    return replaceInAppend(db, changes);
  }

  down(db: QueryRunner): Promise<void> {
    return replaceInAppend(
      db,
      changes.map(([before, after]) => [after, before]),
    );
  }
}

async function replaceInAppend(db: QueryRunner, replacements: [string, string][]): Promise<void> {
  const definition = `select pg_get_functiondef('specline.append(jsonb, jsonb, jsonb)'::regprocedure) as text`;
  const [found] = (await db.query(definition)) as { text: string }[];
  let text = found?.text ?? '';
  for (const [before, after] of replacements) {
    if (text.split(before).length !== 2) throw new Error(`the append function has not once: ${before}`);
    text = text.replace(before, () => after);
  }
  await db.query(text);
}
