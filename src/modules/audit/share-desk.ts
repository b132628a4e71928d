import { Injectable } from '@nestjs/common';
import type { Caller } from '../../commands/command.js';
import { newId } from '../../commands/ids.js';
import { Refusal } from '../../commands/refusals.js';
import type { CreateShare } from '../../commands/share.commands.js';
import { shareBounds } from '../../commands/share.commands.js';
import { hashShareToken, newShareToken } from '../auth/share-tokens.js';
import { Database } from '../event-store/database.js';
import { SpecPageQueries } from '../specs/spec-page.queries.js';
import { AuditClock } from './audit-clock.js';
import { ShareQueries } from './share.queries.js';
import type { ShareReceipt } from './share.view.js';

type Done = { receipt: ShareReceipt; tag: null; replayed: boolean };

const day = 86_400_000;
const daysByDefault = 7;

/** The bundle is made when the link is, so that its holder reads what whoever made it let them read. */
const add = {
  name: 'audit.add-share',
  text: `with added as (
      insert into specline.audit_share (organization_id, share_id, token_hash, request_hash, spec_id, since, until, note, export_id,
        actor_id, actor_kind, actor_name, expires_at)
      select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13::timestamptz
      where (select count(*) from specline.audit_share
        where organization_id = $1 and revoked_at is null and expires_at > $14::timestamptz) < ${shareBounds.standing}
      on conflict do nothing returning *)
    insert into specline.audit_export (organization_id, export_id, share_id, format, filter, actor_id, actor_kind, actor_name, expires_at)
    select organization_id, export_id, share_id, 'bundle', $15::jsonb, actor_id, actor_kind, actor_name, expires_at from added
    returning export_id`,
};
const revoke = {
  name: 'audit.revoke-share',
  text: `with revoked as (
      update specline.audit_share set revoked_at = clock_timestamp()
      where organization_id = $1 and share_id = $2 and revoked_at is null returning export_id)
    update specline.audit_export e set status = 'withdrawn', finished_at = coalesce(finished_at, clock_timestamp()) from revoked r
    where e.organization_id = $1 and e.export_id = r.export_id and status in ('waiting', 'running', 'ready')`,
};

/** Makes share links, and ends them. */
@Injectable()
export class ShareDesk {
  constructor(
    private readonly database: Database,
    private readonly shares: ShareQueries,
    private readonly specs: SpecPageQueries,
    private readonly clock: AuditClock,
  ) {}

  /** @throws Refusal `not_found` where there is no such spec; `too_many_shares` where as many stand as may */
  async create(command: CreateShare, { organizationId, actor, idempotency }: Caller): Promise<Done> {
    const shareId = idempotency?.commandId ?? command.shareId;
    const requestHash = idempotency?.requestHash ?? null;
    const now = this.clock.now();
    const filter = scopeOf(command);
    if (command.specId !== undefined) await this.specs.page(organizationId, command.specId);
    const { specId = null, since = null, until = null, note = null } = command;
    const token = newShareToken();
    const expiresAt = expiryOf(command, now);
    const values = [organizationId, shareId, hashShareToken(token), requestHash, specId, since, until, note, newId()];
    const by = [actor.id, actor.kind, actor.name];
    const rest = [...by, expiresAt, now, JSON.stringify(filter)];
    const isNew = (await this.database.query(organizationId, add, [...values, ...rest])).length > 0;
    if (!isNew && idempotency === undefined) throw tooMany();
    const found = await this.shares.one(organizationId, shareId).catch((error: unknown) => {
      throw error instanceof Refusal && error.code === 'not_found' ? tooMany() : error;
    });
    if (found.requestHash !== requestHash) {
      throw new Refusal('idempotency_key_reused', 'Use a new key for a new request: this one belongs to another.');
    }
    return { receipt: { ...found.view, token: isNew ? token : null }, tag: null, replayed: !isNew };
  }

  /** One that was revoked stays as it is. @throws Refusal `not_found` */
  async revoke(shareId: string, { organizationId }: Caller) {
    await this.shares.one(organizationId, shareId);
    await this.database.query(organizationId, revoke, [organizationId, shareId]);
    const { view } = await this.shares.one(organizationId, shareId);
    return { receipt: view, tag: null, replayed: false };
  }
}

const tooMany = (): Refusal =>
  new Refusal('too_many_shares', `An organization has at most ${shareBounds.standing} share links; revoke one first.`);

/** What the bundle of a share link is about. */
function scopeOf({ specId, since, until }: CreateShare): object {
  const isOfSpec = specId !== undefined && since === undefined && until === undefined;
  const isOfTime = specId === undefined && since !== undefined && until !== undefined && since < until;
  if (!isOfSpec && !isOfTime) {
    throw new Refusal('validation_failed', 'A share link is for a specId, or for the time between since and until.');
  }
  return isOfSpec ? { spec: specId } : { from: since, to: until };
}

function expiryOf({ expiresAt }: CreateShare, now: Date): Date {
  const at = expiresAt === undefined ? now.getTime() + daysByDefault * day : Date.parse(expiresAt);
  if (at > now.getTime() && at <= now.getTime() + shareBounds.days * day) return new Date(at);
  throw new Refusal('validation_failed', `A share link is good for ${shareBounds.days} days at most, from now on.`);
}
