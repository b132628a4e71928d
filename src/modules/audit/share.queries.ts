import { Injectable } from '@nestjs/common';
import { Refusal } from '../../commands/refusals.js';
import { Database } from '../event-store/database.js';
import { PersonalData } from '../event-store/personal-data.js';
import { Cursors } from '../http/cursors.js';
import type { PagedQuery } from '../http/page.view.js';
import type { ShareList, ShareView } from './share.view.js';

type ShareRow = Omit<ShareView, 'createdBy'> & {
  requestHash: string | null;
  actorId: string;
  actorKind: string;
  actorName: string;
};

const time = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const columns = `share_id as "shareId", request_hash as "requestHash", spec_id as "specId", ${time('since')} as "since",
  ${time('until')} as "until", note, export_id as "exportId", actor_id as "actorId", actor_kind as "actorKind",
  actor_name as "actorName", ${time('created_at')} as "createdAt", ${time('expires_at')} as "expiresAt",
  ${time('revoked_at')} as "revokedAt", uses, ${time('last_used_at')} as "lastUsedAt"`;

const one = {
  name: 'audit.share',
  text: `select ${columns} from specline.audit_share where organization_id = $1 and share_id = $2`,
};
const newest = {
  name: 'audit.shares',
  text: `select ${columns} from specline.audit_share where organization_id = $1
      and ($2::uuid is null or (created_at, share_id) < (
        select created_at, share_id from specline.audit_share where organization_id = $1 and share_id = $2))
    order by created_at desc, share_id desc limit $3`,
};

/** Share links as they are shown: never with their tokens. */
@Injectable()
export class ShareQueries {
  constructor(
    private readonly database: Database,
    private readonly personal: PersonalData,
    private readonly cursors: Cursors,
  ) {}

  /** The newest first. */
  async list(organizationId: string, { limit = 25, cursor }: PagedQuery): Promise<ShareList> {
    const scope = { organizationId, list: 'audit-shares', filters: {} };
    const [before = null] = cursor === undefined ? [] : await this.cursors.open(scope, cursor);
    const found = await this.database.query<ShareRow>(organizationId, newest, [organizationId, before, limit + 1]);
    const rows = found.slice(0, limit);
    const next = found.length > limit ? await this.cursors.seal(scope, [rows.at(-1)?.shareId]) : null;
    return { items: (await this.shown(organizationId, rows)).map(({ view }) => view), page: { next } };
  }

  /** @throws Refusal `not_found` */
  async one(organizationId: string, shareId: string): Promise<{ view: ShareView; requestHash: string | null }> {
    const rows = await this.database.query<ShareRow>(organizationId, one, [organizationId, shareId]);
    const [found] = await this.shown(organizationId, rows);
    if (!found) throw new Refusal('not_found', 'There is no such share link in this organization.');
    return found;
  }

  private async shown(organizationId: string, rows: readonly ShareRow[]) {
    const named = await this.personal.reveal(organizationId, rows, ['actorName']);
    return named.map(({ requestHash, actorId, actorKind, actorName, ...row }) => {
      const createdBy = { id: actorId, kind: actorKind, name: actorName } as ShareView['createdBy'];
      return { view: { ...row, createdBy }, requestHash };
    });
  }
}
