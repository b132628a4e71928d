import type { MigrationInterface, QueryRunner } from 'typeorm';

const claimShards = 'specline.claim_shards(uuid, interval, jsonb)';
const living = 'seen_until > clock_timestamp()';
const livingOrMe = `(${living} or worker_id = me)`;

/**
 * A heartbeat that takes longer than its own lease, as on a machine that does too much, no longer divides the work among
 * nobody (0007): whoever asks is alive.
 */
export class LateHeartbeats0036 implements MigrationInterface {
  readonly name = 'LateHeartbeats0001764000000036';

  up(db: QueryRunner): Promise<void> {
    return replace(db, `and ${living};`, `and ${livingOrMe};`);
  }

  down(db: QueryRunner): Promise<void> {
    return replace(db, `and ${livingOrMe};`, `and ${living};`);
  }
}

async function replace(db: QueryRunner, text: string, other: string): Promise<void> {
  await db.query(`do $do$
    declare
      definition text := pg_get_functiondef('${claimShards}'::regprocedure);
    begin
      if position('${text}' in definition) = 0 then raise exception '${claimShards} is another one'; end if;
      execute replace(definition, '${text}', '${other}');
    end $do$`);
}
