import { Injectable } from '@nestjs/common';
import { Refusal } from '../../commands/refusals.js';
import { Database } from '../event-store/database.js';
import { EventStore } from '../event-store/event-store.js';
import { PersonalData } from '../event-store/personal-data.js';
import { Cursors } from '../http/cursors.js';
import { waiverStanding } from './waiver.decider.js';
import type { WaiverRow } from './waiver.projection.js';
import type { WaiverList, WaiverListQuery, WaiverView } from './waiver.view.js';

const time = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const columns = `waiver_id as "waiverId", rule_id as "ruleId", spec_id as "specId", owner, reason,
  compensating_control as "compensatingControl", ${time('expires_at')} as "expiresAt",
  requester_id as "requesterId", requester_kind as "requesterKind", requester_name as "requesterName", ${time('requested_at')} as "requestedAt",
  approver_id as "approverId", approver_kind as "approverKind", approver_name as "approverName", ${time('approved_at')} as "approvedAt",
  withdrawer_id as "withdrawerId", withdrawer_kind as "withdrawerKind", withdrawer_name as "withdrawerName",
  ${time('withdrawn_at')} as "withdrawnAt", withdrawal`;
const one = {
  name: 'compliance.waiver',
  text: `select ${columns} from specline.compliance_waiver where organization_id = $1 and waiver_id = $2`,
};
/** What was decided after $9 was not known then. */
const standing = `case when withdrawn_at <= $9 then 'withdrawn' when expires_at <= $2 then 'expired'
  when approved_at <= $9 then 'approved' else 'requested' end`;
const list = {
  name: 'compliance.waivers',
  text: `select ${columns} from specline.compliance_waiver
    where organization_id = $1 and requested_at <= $9 and ($3::text is null or ${standing} = $3) and ($4::text is null or rule_id = $4)
      and ($5::uuid is null or spec_id = $5 or spec_id is null)
      and ($6::timestamptz is null or (expires_at, waiver_id) > ($6, $7::uuid))
    order by expires_at, waiver_id limit $8`,
};
const next = {
  name: 'compliance.next-waiver-to-expire',
  text: `select waiver_id as "waiverId", ${time('expires_at')} as "expiresAt" from specline.compliance_waiver
    where organization_id = $1 and expires_at > $2 and approved_at <= $3 and (withdrawn_at is null or withdrawn_at > $3)
    order by expires_at, waiver_id limit 1`,
};

const names: (keyof WaiverRow)[] = ['owner', 'requesterName', 'approverName', 'withdrawerName'];
const day = 24 * 3_600_000;

/** Exceptions from rules, with what each is worth now. */
@Injectable()
export class WaiverQueries {
  constructor(
    private readonly database: Database,
    private readonly personal: PersonalData,
    private readonly cursors: Cursors,
    private readonly store: EventStore,
  ) {}

  /** @throws Refusal `not_found` */
  async one(organizationId: string, waiverId: string): Promise<WaiverView> {
    const found = await this.database.query<WaiverRow>(organizationId, one, [organizationId, waiverId]);
    const [row] = await this.personal.reveal(organizationId, found, names);
    if (!row) throw new Refusal('not_found', 'There is no such waiver in this organization.');
    return waiverView(row, new Date());
  }

  /** A page of an organization's waivers, as they are or as they were at a time: what ends first stands first. */
  async list(organizationId: string, query: WaiverListQuery): Promise<WaiverList> {
    const { limit = 25, cursor, standing: wanted, specId, ruleId } = query;
    const at = query.at && (await this.store.timeOf(organizationId, query.at));
    const scope = { organizationId, list: 'waivers', filters: { standing: wanted, specId, ruleId, at: query.at } };
    const [expiry, id] = cursor === undefined ? [] : await this.cursors.open(scope, cursor);
    const now = at === undefined ? new Date() : new Date(at);
    const known = at ?? 'infinity';
    const filters = [wanted, ruleId, specId, expiry, id].map((value) => value ?? null);
    const [rows, [nextToExpire]] = await Promise.all([
      this.database.query<WaiverRow>(organizationId, list, [organizationId, now, ...filters, limit + 1, known]),
      this.database.query<NonNullable<WaiverList['nextToExpire']>>(organizationId, next, [organizationId, now, known]),
    ]);
    const shown = await this.personal.reveal(organizationId, rows.slice(0, limit), names);
    const last = shown.at(-1);
    const more = rows.length > limit ? await this.cursors.seal(scope, [last?.expiresAt, last?.waiverId]) : null;
    const items = shown.map((row) => waiverView(at === undefined ? row : asOf(row, at), now));
    return { items, nextToExpire: nextToExpire ?? null, page: { next: more } };
  }
}

/** Without what came later. */
function asOf(row: WaiverRow, at: string): WaiverRow {
  const isLater = (time: string | null) => time !== null && time > at;
  return {
    ...row,
    ...(isLater(row.approvedAt) && { approverId: null, approverKind: null, approverName: null, approvedAt: null }),
    ...(isLater(row.withdrawnAt) && {
      ...{ withdrawerId: null, withdrawerKind: null, withdrawerName: null, withdrawnAt: null, withdrawal: null },
    }),
  };
}

function waiverView(row: WaiverRow, now: Date): WaiverView {
  const { waiverId, ruleId, specId, owner, reason, compensatingControl, expiresAt, requestedAt } = row;
  const { approvedAt, withdrawnAt, withdrawal } = row;
  return {
    waiverId,
    standing: waiverStanding(row, now),
    ruleId,
    specId,
    owner,
    reason,
    compensatingControl,
    expiresAt,
    expiresInDays: Math.max(0, Math.floor((Date.parse(expiresAt) - now.getTime()) / day)),
    ageDays: Math.floor((now.getTime() - Date.parse(requestedAt)) / day),
    requestedBy: { id: row.requesterId, kind: row.requesterKind, name: row.requesterName },
    requestedAt,
    approvedBy: person(row.approverId, row.approverKind, row.approverName),
    approvedAt,
    withdrawnBy: person(row.withdrawerId, row.withdrawerKind, row.withdrawerName),
    withdrawnAt,
    withdrawal,
  };
}

const person = (id: string | null, kind: string | null, name: string | null) =>
  id === null ? null : { id, kind: kind ?? '', name: name ?? '' };
