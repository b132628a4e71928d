import type pg from 'pg';
import { isKept } from '../../src/modules/audit/ledger-nodes.js';
import { leafHash, MerkleTree } from '../../src/modules/audit/merkle-tree.js';
import type { Seal, SealStatement } from '../../src/modules/audit/seal.js';
import { noSeal, sealHash } from '../../src/modules/audit/seal.js';
import { signStatement } from '../../src/modules/audit/signing.js';
import { eventColumns } from '../../src/modules/event-store/event-store.js';
import type { RecordedEvent } from '../../src/modules/event-store/history.js';
import { chainHash, genesisHash, stateEvent } from '../../src/modules/event-store/history.js';
import type { KeyPair } from './evidence.js';

/** What a forger changes, and what is put back behind him. */
const tables = ['event', 'ledger_entry', 'ledger_node', 'ledger', 'seal', 'stream', 'spec'];

const sealColumns = `organization_id as "organizationId", number, size, encode(root, 'hex') as root,
  encode(previous, 'hex') as previous, key_id as "keyId", signature,
  to_char(sealed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "sealedAt"`;

/** A superuser who rewrites what one organization has in the database, past all triggers, and knows how it is made. */
export class Forger {
  /** @param client logged in as the owner of a server */
  constructor(
    private readonly client: pg.Client,
    readonly organizationId: string,
    /** A key of the forger's own: he has not the service's. */
    readonly key: KeyPair,
  ) {}

  async ask<R extends object>(statement: string, values: unknown[] = []): Promise<R[]> {
    return (await this.client.query<R>(statement, values)).rows;
  }

  /** Remembers what stands there. */
  async keep(): Promise<void> {
    await this.client.query('create schema kept');
    await this.client.query(`create table kept.signing_key as select * from specline.signing_key`);
    for (const table of tables) {
      await this.client.query(
        `create table kept.${table} as select * from specline.${table} where organization_id = '${this.organizationId}'`,
      );
    }
  }

  /** Puts back what was remembered. */
  async undo(): Promise<void> {
    const whose = `where organization_id = '${this.organizationId}'`;
    const statements = tables.map(
      (table) => `delete from specline.${table} ${whose}; insert into specline.${table} select * from kept.${table};`,
    );
    await this.unguarded(`${statements.join('\n')}
      delete from specline.signing_key; insert into specline.signing_key select * from kept.signing_key;`);
  }

  /** Changes tables without their triggers, as only a superuser can. */
  async unguarded(...statements: (string | { text: string; values: unknown[] })[]): Promise<void> {
    await this.client.query('begin; set local session_replication_role = replica');
    try {
      for (const statement of statements) await this.client.query(statement);
      await this.client.query('commit');
    } catch (error) {
      await this.client.query('rollback');
      throw error;
    }
  }

  events(): Promise<RecordedEvent[]> {
    const text = `select ${eventColumns} from specline.event where organization_id = $1 order by seq, version`;
    return this.ask<RecordedEvent>(text, [this.organizationId]);
  }

  seals(): Promise<Seal[]> {
    return this.ask<Seal>(`select ${sealColumns} from specline.seal where organization_id = $1 order by number`, [
      this.organizationId,
    ]);
  }

  /** Changes an event, if it is still there. */
  async change(eventId: string, assignments: string): Promise<void> {
    const text = `update specline.event set ${assignments} where organization_id = $1 and event_id = $2`;
    await this.unguarded({ text, values: [this.organizationId, eventId] });
  }

  async find(eventId: string): Promise<RecordedEvent | undefined> {
    return (await this.events()).find((event) => event.eventId === eventId);
  }

  /** Puts an event in, with the right hash, behind one of its stream; whatever stood there moves up by a version. */
  async insertBehind({ streamId, version, seq, hash }: RecordedEvent, inserted: RecordedEvent): Promise<void> {
    const event: RecordedEvent = { ...inserted, streamId, version: version + 1, seq, previousHash: hash };
    await this.unguarded(
      {
        // In two steps, or versions would meet on the way.
        text: `update specline.event set version = version + 1000000 where organization_id = $1 and stream_id = $2 and version > $3`,
        values: [this.organizationId, streamId, version],
      },
      {
        text: `update specline.event set version = version - 999999 where organization_id = $1 and stream_id = $2 and version > 1000000`,
        values: [this.organizationId, streamId],
      },
      {
        text: `insert into specline.event (organization_id, stream_id, version, seq, event_id, type, schema_version, payload,
            metadata, command_id, recorded_at, previous_hash, hash)
          values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, decode($12, 'hex'), decode($13, 'hex'))`,
        values: [
          ...[event.organizationId, streamId, event.version, seq, event.eventId, event.type, event.schemaVersion],
          ...[event.payload, event.metadata, event.commandId, event.recordedAt, hash],
          chainHash(hash, stateEvent(event)),
        ],
      },
    );
  }

  /** Computes the chain of a stream anew, or of all of them. */
  async rehash(streamId?: string): Promise<void> {
    const heads = new Map<string, string>();
    const events = (await this.events()).filter((event) => streamId === undefined || event.streamId === streamId);
    const changed = events
      .sort((a, b) => a.version - b.version)
      .map((event) => {
        const previous = heads.get(event.streamId) ?? genesisHash;
        const hash = chainHash(previous, stateEvent(event));
        heads.set(event.streamId, hash);
        return { ...event, previous, hash };
      });
    const column = (name: 'streamId' | 'version' | 'previous' | 'hash') => changed.map((one) => one[name]);
    await this.unguarded({
      text: `update specline.event e set previous_hash = decode(p, 'hex'), hash = decode(h, 'hex')
        from unnest($2::uuid[], $3::bigint[], $4::text[], $5::text[]) as x (s, v, p, h)
        where organization_id = $1 and stream_id = s and version = v`,
      values: [this.organizationId, column('streamId'), column('version'), column('previous'), column('hash')],
    });
  }

  /** Makes the ledger say what the events do. */
  async rewriteLedger(): Promise<void> {
    const nodes: { level: number; index: number; hash: Buffer }[] = [];
    const tree = MerkleTree.empty();
    for (const { hash } of await this.events()) {
      tree.append(leafHash(Buffer.from(hash, 'hex')), (level, index, node) => {
        if (isKept(level)) nodes.push({ level, index, hash: node });
      });
    }
    const own = [this.organizationId];
    const column = (name: 'level' | 'index' | 'hash') => nodes.map((node) => node[name]);
    await this.unguarded(
      { text: 'delete from specline.ledger_entry where organization_id = $1', values: own },
      {
        text: `insert into specline.ledger_entry (organization_id, position, seq, stream_id, version, event_id, hash)
          select organization_id, row_number() over (order by seq, version), seq, stream_id, version, event_id, hash
          from specline.event where organization_id = $1`,
        values: own,
      },
      { text: 'delete from specline.ledger_node where organization_id = $1', values: own },
      {
        text: 'insert into specline.ledger_node select $1, * from unnest($2::int[], $3::bigint[], $4::bytea[])',
        values: [...own, column('level'), column('index'), column('hash')],
      },
      {
        text: 'update specline.ledger set size = $2, peaks = $3 where organization_id = $1',
        values: [...own, tree.size, tree.packedPeaks],
      },
    );
  }

  /** Makes every seal anew over what the ledger says, with a key of his own. */
  async reseal(): Promise<void> {
    const rows = await this.ask<{ hash: Buffer }>(
      'select hash from specline.ledger_entry where organization_id = $1 order by position',
      [this.organizationId],
    );
    let previous = noSeal;
    const tree = MerkleTree.empty();
    const seals = await this.seals();
    for (const [at, seal] of seals.entries()) {
      const size = at === seals.length - 1 ? rows.length : Math.min(seal.size, rows.length);
      for (const { hash } of rows.slice(tree.size, size)) tree.append(leafHash(hash));
      const { signature: _, ...before } = seal;
      const statement: SealStatement = {
        ...before,
        size,
        previous,
        root: tree.root().toString('hex'),
        keyId: this.key.signer.keyId,
      };
      const signature = signStatement('specline-seal-v1', statement, this.key.signer.privateKey);
      previous = sealHash({ ...statement, signature });
      await this.unguarded({
        text: `update specline.seal set size = $3, root = decode($4, 'hex'), previous = decode($5, 'hex'), key_id = $6,
          signature = $7 where organization_id = $1 and number = $2`,
        values: [
          this.organizationId,
          seal.number,
          size,
          statement.root,
          statement.previous,
          statement.keyId,
          signature,
        ],
      });
    }
  }

  /** Publishes his own key as one that was replaced long ago. */
  async publishKey(): Promise<void> {
    const { keyId, publicKey, createdAt, previousKeyId, signature, previousSignature } = this.key.published;
    await this.unguarded({
      text: `insert into specline.signing_key values ($1, $2, $3, $3, $4, $5, $6, 'none') on conflict do nothing`,
      values: [keyId, publicKey, createdAt, previousKeyId, signature, previousSignature],
    });
  }
}
