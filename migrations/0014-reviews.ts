import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where a spec stands in its lifecycle and what reviewers said of it, beside its other columns. */
export class Reviews0014 implements MigrationInterface {
  readonly name = 'Reviews0001764000000014';

  async up(db: QueryRunner): Promise<void> {
    // Null in rows from before: those are read from history until their read model is rebuilt.
    await db.query(`alter table specline.spec add column review jsonb`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`alter table specline.spec drop column review`);
  }
}
