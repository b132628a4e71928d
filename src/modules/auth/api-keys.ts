import { hash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Database } from '../event-store/database.js';
import type { Principal } from './principal.js';

const authenticate = { name: 'auth.authenticate', text: 'select * from specline.authenticate($1)' };

/** How long a process may believe what it knows of a key; a key revoked by another process dies within that. */
const believedFor = 5_000;

/** A new secret: 256 random bits. Only its hash is kept. */
export const newApiKey = (): string => `spk_${randomBytes(32).toString('base64url')}`;

/** Keys are random and long, so a plain hash suffices: there is nothing to guess that salt would protect. */
export const hashApiKey = (key: string): string => hash('sha256', key);

/** Whose key it is. */
@Injectable()
export class ApiKeys {
  /** By the key itself: it is in memory with every request anyway, and hashing it for each would cost more than all else here. */
  private readonly known = new LRUCache<string, Principal>({
    max: 10_000,
    ttl: believedFor,
  });

  constructor(private readonly database: Database) {}

  async find(key: string): Promise<Principal | undefined> {
    const known = this.known.get(key);
    if (known) return known;
    const [principal] = await this.database.call<Principal>(authenticate, [hashApiKey(key)]);
    if (principal) this.known.set(key, principal);
    return principal;
  }

  /** After a key was revoked here, it is dead here at once. */
  forget(): void {
    this.known.clear();
  }
}
