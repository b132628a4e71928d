import { createHmac, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { v4 as randomId } from 'uuid';
import { Database } from './database.js';
import { SecretBox } from './secret-box.js';

/** A person who is named in an organization. Nothing about the id follows from the name. */
export type Subject = { subject: string; key: Buffer };
type SealedKey = { subject: string; key: Buffer | null };

const makeSecret = {
  name: 'subjects.make-secret',
  text: `insert into specline.subject_secret (organization_id, secret) values ($1, $2) on conflict do nothing`,
};
const readSecret = {
  name: 'subjects.secret',
  text: 'select secret from specline.subject_secret where organization_id = $1',
};
const makeKey = {
  name: 'subjects.make-key',
  text: `insert into specline.subject_key (organization_id, subject, lookup, key) values ($1, $2, $3, $4)
    on conflict (organization_id, lookup) do nothing`,
};
const findKey = {
  name: 'subjects.find',
  text: 'select subject, key from specline.subject_key where organization_id = $1 and lookup = $2',
};
const readKeys = {
  name: 'subjects.keys',
  text: `select subject, key from specline.subject_key
    where organization_id = $1 and subject = any ($2::uuid[]) and key is not null`,
};

/**
 * One key a person, by which alone their name can be read. It is found by the name through a keyed digest that only
 * lives as long as the key: once both are destroyed, nobody can tell whether a name was ever here.
 */
@Injectable()
export class SubjectKeys {
  /** They never change. */
  private readonly secrets = new LRUCache<string, Buffer>({ max: 1000 });

  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
  ) {}

  /** The person of a name. Case, and white space around it, make no difference. */
  async find(organizationId: string, name: string): Promise<Subject | undefined> {
    const lookup = await this.lookupOf(organizationId, name);
    const [found] = await this.database.query<SealedKey>(organizationId, findKey, [organizationId, lookup]);
    return found && this.opened(organizationId, found);
  }

  /** The person of a name, with a key from the first time on. Of two processes that make it, one wins for both. */
  async findOrMake(organizationId: string, name: string): Promise<Subject> {
    for (;;) {
      const found = await this.find(organizationId, name);
      if (found) return found;
      const subject = randomId();
      const sealed = this.box.seal(randomBytes(32), purposeOf(organizationId, subject));
      const lookup = await this.lookupOf(organizationId, name);
      await this.database.query(organizationId, makeKey, [organizationId, subject, lookup, sealed]);
    }
  }

  /** The keys that are left of some persons. */
  async keysOf(organizationId: string, subjects: readonly string[]): Promise<Map<string, Buffer>> {
    const found = await this.database.query<SealedKey>(organizationId, readKeys, [organizationId, subjects]);
    const opened = found.flatMap((one) => this.opened(organizationId, one) ?? []);
    return new Map(opened.map(({ subject, key }) => [subject, key]));
  }

  private opened(organizationId: string, { subject, key }: SealedKey): Subject | undefined {
    return key ? { subject, key: this.box.open(key, purposeOf(organizationId, subject)) } : undefined;
  }

  private async lookupOf(organizationId: string, name: string): Promise<Buffer> {
    const normalized = name.normalize('NFC').trim().toLowerCase();
    return createHmac('sha256', await this.secretOf(organizationId))
      .update(normalized)
      .digest();
  }

  private async secretOf(organizationId: string): Promise<Buffer> {
    const known = this.secrets.get(organizationId);
    if (known) return known;
    const purpose = `subject secret of ${organizationId}`;
    const read = () => this.database.query<{ secret: Buffer }>(organizationId, readSecret, [organizationId]);
    let [row] = await read();
    if (!row) {
      const sealed = this.box.seal(randomBytes(32), purpose);
      await this.database.query(organizationId, makeSecret, [organizationId, sealed]);
      [row] = await read();
    }
    if (!row) throw new Error('the secret that was just made is gone');
    const secret = this.box.open(row.secret, purpose);
    this.secrets.set(organizationId, secret);
    return secret;
  }
}

const purposeOf = (organizationId: string, subject: string): string => `subject key ${organizationId}/${subject}`;
