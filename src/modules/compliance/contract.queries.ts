import { Injectable } from '@nestjs/common';
import { Database } from '../event-store/database.js';
import { Cursors } from '../http/cursors.js';
import { ContractReadings } from './contract-readings.js';
import type { ContractRow } from './contract-standings.js';
import { standingsOf } from './contract-standings.js';
import type { ContractList, ContractListQuery, ContractView } from './contract.view.js';
import type { ContractKind } from './contracts.js';

/** Rows that were read from the content that the spec's reading names: others are of a slower reader. */
const current = `specline.contract c join specline.contract_reading r using (organization_id, spec_id)`;
const isCurrent = `c.content_hash = case c.standing when 'draft' then r.draft_hash else r.approved_hash end`;

/** Where there is anything to conflict: another spec, or an amendment beside what is approved. */
const mayConflict = `bool_or(r.draft_hash is not null) and (count(distinct c.spec_id) > 1
  or bool_or(r.approved_hash is not null and r.draft_hash is distinct from r.approved_hash))`;
const page = {
  name: 'contracts.page',
  text: `select c.kind, c.id from ${current}
    where c.organization_id = $1 and ${isCurrent} and ($2::text is null or c.kind = $2) and ($3::text is null or c.id = $3)
      and ($5::text is null or (c.kind, c.id) > ($5, $6))
    group by c.kind, c.id
    having ($4::uuid is null or bool_or(c.spec_id = $4)) and ($7::boolean is null or (${mayConflict}))
    order by c.kind, c.id limit $8`,
};
const rows = {
  name: 'contracts.rows',
  text: `select c.kind, c.id, c.spec_id as "specId", s.number, s.title, s.lifecycle, c.standing, c.definition, c.section,
      c.line, case c.standing when 'approved' then
        to_char(r.approved_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') end as "approvedAt",
      r.draft_hash is not null and r.approved_hash is not null as "isAmended"
    from ${current} join specline.spec s using (organization_id, spec_id)
    where c.organization_id = $1 and ${isCurrent}
      and (c.kind, c.id) in (select * from unnest($2::text[], $3::text[]))
    order by c.kind, c.id`,
};

type Key = { kind: ContractKind; id: string };

/** Which specs give which commands, events, routes and entities. */
@Injectable()
export class ContractQueries {
  constructor(
    private readonly database: Database,
    private readonly cursors: Cursors,
    private readonly readings: ContractReadings,
  ) {}

  async list(organizationId: string, query: ContractListQuery): Promise<ContractList> {
    const { limit = 25, cursor, ...filters } = query;
    const { kind = null, id = null, specId = null, conflicts } = filters;
    const scope = { organizationId, list: 'contracts', filters };
    const [afterKind = null, afterId = null] = cursor === undefined ? [] : await this.cursors.open(scope, cursor);
    const pending = await this.readings.catchUp(organizationId);
    const values = [organizationId, kind, id, specId, afterKind, afterId, conflicts ? true : null, limit + 1];
    const found = await this.database.query<Key>(organizationId, page, values);
    const keys = found.slice(0, limit);
    const last = found.length > limit ? keys.at(-1) : undefined;
    const contracts = await this.contracts(organizationId, keys);
    const items = conflicts ? contracts.filter(isInConflict) : contracts;
    return { items, page: { next: last ? await this.cursors.seal(scope, [last.kind, last.id]) : null }, pending };
  }

  private async contracts(organizationId: string, keys: readonly Key[]): Promise<ContractView[]> {
    if (keys.length === 0) return [];
    const values = [organizationId, keys.map(({ kind }) => kind), keys.map(({ id }) => id)];
    const found = await this.database.query<ContractRow & Key>(organizationId, rows, values);
    return keys.map(({ kind, id }) => {
      const own = found.filter((row) => row.kind === kind && row.id === id);
      const { specs, contestedBy, broken } = standingsOf(own);
      return { kind, id, specs: specs.map(shown), contestedBy, broken };
    });
  }
}

const isInConflict = ({ contestedBy, broken }: ContractView): boolean => contestedBy.length + broken.length > 0;

const shown = ({
  specId,
  number,
  title,
  lifecycle,
  standing,
  role,
  section,
  line,
  approvedAt,
}: ReturnType<typeof standingsOf>['specs'][number]): ContractView['specs'][number] => {
  return { specId, number, title, lifecycle, standing, role, section, line, approvedAt };
};
