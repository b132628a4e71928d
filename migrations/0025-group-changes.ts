import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who changed a group last, and when: whoever wrote a spec must not have chosen who approves it meanwhile. */
export class GroupChanges0025 implements MigrationInterface {
  readonly name = 'GroupChanges0001764000000025';

  async up(db: QueryRunner): Promise<void> {
    // Null in rows from before, as if nobody had: they are filled with the group's next change, or by a rebuild.
    await db.query(`alter table specline.member_group add column changed_at timestamptz, add column changed_by text`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`alter table specline.member_group drop column changed_at, drop column changed_by`);
  }
}
