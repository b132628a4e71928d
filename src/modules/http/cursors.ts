import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Refusal } from '../../commands/refusals.js';
import { ServerSecret } from './server-secret.entity.js';

/** What a cursor is good for: one organization's list with one set of filters. */
export type CursorScope = { organizationId: string; list: string; filters: object };

/** Opaque, signed cursors: where a page ended, bound to the list it came from. */
@Injectable()
export class Cursors {
  private secret?: string;

  constructor(private readonly dataSource: DataSource) {}

  async seal(scope: CursorScope, position: readonly unknown[]): Promise<string> {
    const text = Buffer.from(JSON.stringify(position)).toString('base64url');
    return `${text}.${await this.sign(scope, text)}`;
  }

  /** The position, or a refusal: altered, of another organization, or for other filters. */
  async open(scope: CursorScope, cursor: string): Promise<unknown[]> {
    const [text = '', signature = ''] = cursor.split('.');
    const expected = Buffer.from(await this.sign(scope, text));
    const given = Buffer.from(signature);
    if (cursor !== `${text}.${signature}` || given.length !== expected.length || !timingSafeEqual(given, expected)) {
      throw new Refusal('invalid_cursor', 'Use page.next of this very list, with the same filters.');
    }
    return JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[];
  }

  private async sign({ organizationId, list, filters }: CursorScope, text: string): Promise<string> {
    this.secret ??= (await this.dataSource.getRepository(ServerSecret).findOneByOrFail({ name: 'cursor' })).value;
    const digest = createHash('sha256')
      .update(JSON.stringify(Object.entries(filters).sort()))
      .digest('base64url');
    const signed = [organizationId, list, digest, text].join('\n');
    return createHmac('sha256', this.secret).update(signed).digest('base64url').slice(0, 22);
  }
}
