import { hash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database } from '../event-store/database.js';

/** What a share link lets its holder read: one spec, or one stretch of time. */
export type Share = {
  shareId: string;
  organizationId: string;
  specId: string | null;
  /** Both are there where there is no spec. */
  since: Date | null;
  until: Date | null;
  exportId: string;
};

const use = { name: 'auth.use-share', text: 'select * from specline.use_share($1, $2)' };

/** A new token: 256 random bits. Only its hash is kept. */
export const newShareToken = (): string => `sps_${randomBytes(32).toString('base64url')}`;

/** Tokens are random and long, so a plain hash suffices. */
export const hashShareToken = (token: string): string => hash('sha256', token);

/** Whoever comes with the token of a share link. */
@Injectable()
export class ShareTokens {
  constructor(private readonly database: Database) {}

  /** The share of a token that is good, which counts as a use: asked for each time, so that one that is revoked is dead at once. */
  async use(token: string): Promise<Share | undefined> {
    return (await this.database.call<Share>(use, [hashShareToken(token), this.now()]))[0];
  }

  /** What tells whether one has expired. */
  now(): Date {
    return new Date();
  }
}
