import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How a spec was taken apart for full-text search. What was there before says 0, and the next search of its
 * organization indexes it again.
 */
export class SpecSearchReading0033 implements MigrationInterface {
  readonly name = 'SpecSearchReading0001764000000033';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`alter table specline.spec_search add reading smallint not null default 0`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`truncate specline.spec_search`);
    await db.query(`alter table specline.spec_search drop reading`);
  }
}
