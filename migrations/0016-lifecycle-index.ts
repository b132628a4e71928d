import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A spec's revisions are read from the few of its events that are about its lifecycle, however long its history is. */
export class LifecycleIndex0016 implements MigrationInterface {
  readonly name = 'LifecycleIndex0001764000000016';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`create index event_lifecycle_idx on specline.event (organization_id, stream_id, version)
      where type like 'spec.lifecycle.%'`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop index specline.event_lifecycle_idx`);
  }
}
