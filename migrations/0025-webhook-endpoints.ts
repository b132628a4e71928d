import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lockToTenant } from './tenant-table.js';

/**
 * Endpoints: the read model of their streams. Their secrets, and the values of their headers, stand outside history as
 * the master key seals them, so that they can be destroyed.
 */
export class WebhookEndpoints0025 implements MigrationInterface {
  readonly name = 'WebhookEndpoints0001764000000025';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table specline.webhook_endpoint (
        organization_id uuid not null,
        endpoint_id     uuid not null,
        status          text not null,
        settings        jsonb not null,
        verification    boolean not null,
        verified        boolean not null,
        secrets         jsonb not null,
        reason          text,
        failing_since   timestamptz,
        version         bigint not null,
        created_at      timestamptz not null,
        updated_at      timestamptz not null,
        primary key (organization_id, endpoint_id)
      )`);
    await lockToTenant(db, 'webhook_endpoint');
    await db.query(`
      create table specline.webhook_secret (
        organization_id uuid not null,
        secret_id       uuid not null,
        endpoint_id     uuid not null,
        sealed          bytea not null,
        created_at      timestamptz not null default clock_timestamp(),
        primary key (organization_id, secret_id)
      )`);
    await db.query(
      `create index webhook_secret_endpoint_idx on specline.webhook_secret (organization_id, endpoint_id)`,
    );
    await lockToTenant(db, 'webhook_secret');
    await db.query(`grant insert, delete on specline.webhook_secret to specline_app`);
    await db.query(`create policy workers_door on specline.webhook_secret to specline_worker using (true)`);
    await db.query(`grant select, delete on specline.webhook_secret to specline_worker`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop table specline.webhook_secret, specline.webhook_endpoint`);
  }
}
