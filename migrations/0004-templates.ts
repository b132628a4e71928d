import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lockToTenant } from './tenant-table.js';

/** The templates an organization published, every version of them. The built-in ones are data of the program. */
export class Templates0004 implements MigrationInterface {
  readonly name = 'Templates0001764000000004';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table specline.template (
        organization_id uuid not null,
        key             text not null,
        version         bigint not null,
        title           text not null,
        markdown        text not null,
        published_at    timestamptz not null,
        primary key (organization_id, key, version)
      )`);
    await lockToTenant(db, 'template');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop table specline.template`);
  }
}
