import { Injectable } from '@nestjs/common';
import type { DomainCommand } from '../../commands/command.js';
import { Database } from './database.js';

/** What an append rests on beyond its own stream: a name within the organization, and its version as it was read. */
export type Claim = { name: string; seen: number };

/** The claim of the first of a command's steps that has one. @param facts says which commands claim what */
export function claimOf(
  facts: { claims?(command: DomainCommand): string | undefined },
  { steps }: DomainCommand,
): string | undefined {
  if (!facts.claims) return undefined;
  for (const step of steps) {
    const name = facts.claims(step);
    if (name !== undefined) return name;
  }
  return undefined;
}

const seen = {
  name: 'claims.seen',
  text: 'select version as "seen" from specline.claim where organization_id = $1 and name = $2',
};

/** Rules over several streams: of two appends with one claim, the later one was decided after the earlier (ADR 18). */
@Injectable()
export class Claims {
  constructor(private readonly database: Database) {}

  /** To be read before what is decided on: who appends in between makes the claim a conflict. */
  async read(organizationId: string, name: string): Promise<Claim> {
    const [row] = await this.database.query<{ seen: number }>(organizationId, seen, [organizationId, name]);
    return { name, seen: row?.seen ?? 0 };
  }
}
