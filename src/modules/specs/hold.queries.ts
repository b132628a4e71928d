import { Injectable } from '@nestjs/common';
import { Database } from '../event-store/database.js';
import type { Actor } from '../event-store/decider.js';
import { PersonalData } from '../event-store/personal-data.js';
import { Cursors } from '../http/cursors.js';
import type { LegalHoldList, LegalHoldsAsked } from './hold.view.js';

type Row = {
  specId: string;
  number: number;
  title: string;
  holdKey: string;
  reason: string;
  placedBy: Actor;
  placedAt: string;
};

const list = {
  name: 'holds.list',
  text: `select h.spec_id as "specId", s.number, s.title, h.hold_key as "holdKey", h.reason,
      jsonb_build_object('id', h.placer_id, 'kind', h.placer_kind, 'name', h.placer_name) as "placedBy",
      to_char(h.placed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "placedAt"
    from specline.legal_hold h join specline.spec s using (organization_id, spec_id)
    where h.organization_id = $1 and ($2::uuid is null or h.spec_id = $2) and ($3::text is null or h.hold_key = $3)
      and ($4::uuid is null or (h.spec_id, h.hold_key) > ($4, $5))
    order by h.spec_id, h.hold_key limit $6`,
};

/** The holds that stand, as they are shown. */
@Injectable()
export class HoldQueries {
  constructor(
    private readonly database: Database,
    private readonly cursors: Cursors,
    private readonly personal: PersonalData,
  ) {}

  /** A page of an organization's holds. */
  async list(organizationId: string, { limit = 25, cursor, ...filters }: LegalHoldsAsked): Promise<LegalHoldList> {
    const scope = { organizationId, list: 'legal-holds', filters };
    const [spec = null, key = null] = cursor === undefined ? [] : await this.cursors.open(scope, cursor);
    const { specId = null, holdKey = null } = filters;
    const values = [organizationId, specId, holdKey, spec, key, limit + 1];
    const rows = await this.database.query<Row>(organizationId, list, values);
    const shown = rows.slice(0, limit);
    const placers = await this.personal.reveal(
      organizationId,
      shown.map(({ placedBy }) => placedBy),
      ['name'],
    );
    const items = shown.map((row, at) => ({ ...row, placedBy: placers[at] ?? row.placedBy }));
    const last = rows.length > limit ? items.at(-1) : undefined;
    return { items, page: { next: last ? await this.cursors.seal(scope, [last.specId, last.holdKey]) : null } };
  }
}
