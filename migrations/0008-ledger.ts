import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lockToWorkers } from './worker-table.js';

/** What is added to and never changed. */
const addedTo = ['ledger_entry', 'ledger_node', 'seal'];

/**
 * The ledger of each organization: its events in one gapless order, the inner nodes of their Merkle tree that proofs are
 * made of, and the signed, chained tree heads. Written by workers, read by the organization; and the keys that sign,
 * whose private halves the application cannot read.
 */
export class Ledger0008 implements MigrationInterface {
  readonly name = 'Ledger0001764000000008';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table specline.ledger (
        organization_id uuid primary key,
        size            bigint not null,
        peaks           bytea not null,
        seals           bigint not null,
        last_seal       bytea not null check (length(last_seal) = 32),
        sealed_at       timestamptz not null
      ) with (fillfactor = 50)`);
    await db.query(`
      create table specline.ledger_entry (
        organization_id uuid not null,
        position        bigint not null check (position > 0),
        seq             bigint not null,
        stream_id       uuid not null,
        version         bigint not null,
        event_id        uuid not null,
        hash            bytea not null check (length(hash) = 32),
        primary key (organization_id, position)
      )`);
    await db.query(`
      create unique index ledger_entry_stream_idx on specline.ledger_entry (organization_id, stream_id, version)`);
    await db.query(`create index ledger_entry_event_idx on specline.ledger_entry (organization_id, event_id)`);
    await db.query(`
      create table specline.ledger_node (
        organization_id uuid not null,
        level           int not null check (level > 0),
        index           bigint not null check (index >= 0),
        hash            bytea not null check (length(hash) = 32),
        primary key (organization_id, level, index)
      )`);
    await db.query(`
      create table specline.seal (
        organization_id uuid not null,
        number          bigint not null check (number > 0),
        size            bigint not null check (size > 0),
        root            bytea not null check (length(root) = 32),
        previous        bytea not null check (length(previous) = 32),
        sealed_at       timestamptz not null,
        key_id          text not null,
        signature       text not null,
        primary key (organization_id, number)
      )`);
    for (const table of ['ledger', ...addedTo]) {
      await lockToWorkers(db, table);
      await db.query(`create policy tenant on specline.${table} for select to specline_app
        using (organization_id = specline.current_organization())`);
      await db.query(`grant select on specline.${table} to specline_app`);
    }
    for (const table of addedTo) {
      await db.query(`revoke update, delete on specline.${table} from specline_worker`);
      await db.query(`create trigger ${table}_is_immutable before update or delete on specline.${table}
        for each row execute function specline.refuse_rewriting()`);
      await db.query(`create trigger ${table}_is_not_truncated before truncate on specline.${table}
        for each statement execute function specline.refuse_rewriting()`);
    }
    await signingKeys(db);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop table specline.signing_key, specline.seal, specline.ledger_node, specline.ledger_entry,
      specline.ledger`);
  }
}

/** One key signs at a time; a replaced one stays, for what it signed. */
async function signingKeys(db: QueryRunner): Promise<void> {
  await db.query(`
    create table specline.signing_key (
      key_id             text primary key,
      public_key         text not null,
      created_at         timestamptz not null,
      retired_at         timestamptz,
      previous_key_id    text,
      signature          text not null,
      previous_signature text,
      private_key        bytea not null
    )`);
  await db.query(`
    create unique index signing_key_current_idx on specline.signing_key ((retired_at is null)) where retired_at is null`);
  await lockToWorkers(db, 'signing_key');
  await db.query(`revoke delete on specline.signing_key from specline_worker`);
  await db.query(`
    grant select (key_id, public_key, created_at, retired_at, previous_key_id, signature, previous_signature)
      on specline.signing_key to specline_app`);
}
