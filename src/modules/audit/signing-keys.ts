import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import type { Statement } from '../event-store/database.js';
import { SecretBox } from '../event-store/secret-box.js';
import { WorkerDatabase } from '../event-store/worker-database.js';
import type { Signer } from './ledger.js';
import type { PublishedKey } from './signing-key.js';
import { stateKey } from './signing-key.js';

const current = `select key_id as "keyId" from specline.signing_key where retired_at is null`;
/** Whoever signs holds off a rotation until his transaction ends, so that a replaced key never signs again. */
const currentToSign = { name: 'signing-keys.to-sign', text: `${current} for share` };
const currentToReplace = { name: 'signing-keys.to-replace', text: `${current} for update` };
const privateKey = {
  name: 'signing-keys.private',
  text: 'select private_key as "sealed" from specline.signing_key where key_id = $1',
};
const lockKeys = 'lock table specline.signing_key in share row exclusive mode';
const clock = `select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "now"`;
const retire = {
  name: 'signing-keys.retire',
  text: 'update specline.signing_key set retired_at = $1 where retired_at is null',
};
const insert = {
  name: 'signing-keys.insert',
  text: `insert into specline.signing_key (key_id, public_key, created_at, previous_key_id, signature, previous_signature, private_key)
    values ($1, $2, $3, $4, $5, $6, $7)`,
};

const purposeOf = (keyId: string): string => `signing key ${keyId}`;

/** The keys that sign seals and exports: one at a time, the first made when it is needed. */
@Injectable()
export class SigningKeys {
  private known: Signer | undefined;

  constructor(
    private readonly database: WorkerDatabase,
    private readonly box: SecretBox,
  ) {}

  /** The key that signs now, and until the transaction ends. */
  async signer(client: PoolClient): Promise<Signer> {
    const keyId = (await keyOf(client, currentToSign)) ?? (await this.first(client));
    if (this.known?.keyId !== keyId) this.known = await this.open(client, keyId);
    return this.known;
  }

  /** Signs outside of any other transaction. */
  async withSigner<T>(work: (signer: Signer) => T): Promise<T> {
    return this.database.transaction(async (client) => work(await this.signer(client)));
  }

  /** Puts another key in the place of the present one, each signed by the other: seals go on under it. */
  async rotate(): Promise<PublishedKey> {
    return this.database.transaction(async (client) => {
      await client.query(lockKeys);
      const keyId = await keyOf(client, currentToReplace);
      return this.make(client, keyId === undefined ? undefined : await this.open(client, keyId));
    });
  }

  private async first(client: PoolClient): Promise<string> {
    await client.query(lockKeys);
    // Another process may have made it meanwhile, or put another in its place.
    return (await keyOf(client, currentToSign)) ?? (await this.make(client)).keyId;
  }

  private async make(client: PoolClient, previous?: Signer): Promise<PublishedKey> {
    const { rows } = await client.query<{ now: string }>(clock);
    const pair = generateKeyPairSync('ed25519');
    const key = stateKey(pair, rows[0]?.now ?? '', previous);
    if (previous) await client.query({ ...retire, values: [key.createdAt] });
    const { keyId, publicKey, createdAt, previousKeyId, signature, previousSignature } = key;
    const sealed = this.box.seal(pair.privateKey.export({ format: 'der', type: 'pkcs8' }), purposeOf(keyId));
    const values = [keyId, publicKey, createdAt, previousKeyId, signature, previousSignature, sealed];
    await client.query({ ...insert, values });
    return key;
  }

  private async open(client: PoolClient, keyId: string): Promise<Signer> {
    const { rows } = await client.query<{ sealed: Buffer }>({ ...privateKey, values: [keyId] });
    if (!rows[0]) throw new Error(`the signing key ${keyId} is gone`);
    const key = this.box.open(rows[0].sealed, purposeOf(keyId));
    return { keyId, privateKey: createPrivateKey({ key, format: 'der', type: 'pkcs8' }) };
  }
}

async function keyOf(client: PoolClient, statement: Statement): Promise<string | undefined> {
  const { rows } = await client.query<{ keyId: string }>(statement);
  return rows[0]?.keyId;
}
