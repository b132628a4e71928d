import { Injectable } from '@nestjs/common';
import { Database } from '../event-store/database.js';
import { PersonalData } from '../event-store/personal-data.js';
import { Cursors } from '../http/cursors.js';
import type { SpecListQuery } from './spec-list.view.js';
import { SpecSearch } from './spec-search.queries.js';
import { SpecListAtQueries } from './spec-list-at.queries.js';
import { specColumns } from './spec-page.queries.js';
import { specSummary } from './spec-summary.queries.js';
import type { SpecRow } from './spec.projection.js';
import type { SpecList } from './spec.view.js';

/** What each sort orders by; the id breaks ties, so that pages neither skip nor repeat. */
const sortColumns: Record<string, { column: string; type: string }> = {
  number: { column: 's.number', type: 'bigint' },
  title: { column: 's.title', type: 'text' },
  createdAt: { column: 's.created_at', type: 'timestamptz' },
  updatedAt: { column: 's.updated_at', type: 'timestamptz' },
  rank: { column: 'rank', type: 'real' },
};

type Found = SpecRow & { rank: number; position: string };

/** Lists, filters and searches the specs of one organization. */
@Injectable()
export class SpecListQueries {
  constructor(
    private readonly database: Database,
    private readonly cursors: Cursors,
    private readonly search: SpecSearch,
    private readonly personal: PersonalData,
    private readonly earlier: SpecListAtQueries,
  ) {}

  async list(organizationId: string, query: SpecListQuery): Promise<SpecList> {
    if (query.at !== undefined) return this.earlier.list(organizationId, query.at, query);
    const { limit = 25, cursor, ...filters } = query;
    const scope = { organizationId, list: 'specs', filters };
    const [position = null, id = null] = cursor === undefined ? [] : await this.cursors.open(scope, cursor);
    if (filters.q !== undefined) await this.search.catchUp(organizationId);

    const { lifecycle, label, owner, template, number, q, suspect } = filters;
    const owners = owner === undefined ? undefined : await this.personal.stored(organizationId, owner);
    const search = q === undefined ? undefined : await this.search.read(organizationId, q);
    const all = search?.all;
    const values = [organizationId, lifecycle, label, owners, template, number, all, position, id, limit + 1, suspect];
    const rows = await this.database.query<Found>(
      organizationId,
      statement(filters),
      values.map((value) => value ?? null),
    );
    const items = await this.personal.reveal(organizationId, rows.slice(0, limit), ['owner']);
    const last = rows.length > limit ? items.at(-1) : undefined;
    const next = last ? await this.cursors.seal(scope, [last.position, last.specId]) : null;
    const fragments =
      search &&
      (await this.search.fragments(
        organizationId,
        items.map(({ specId }) => specId),
        search,
      ));
    return {
      items: items.map((row) =>
        specSummary(row, fragments && { rank: row.rank, fragments: fragments.get(row.specId) ?? [] }),
      ),
      page: { next },
    };
  }
}

/** One prepared statement a sort, with and without search: the filters that are null cost nothing. */
function statement({ sort, q }: Pick<SpecListQuery, 'sort' | 'q'>) {
  const order = sort ?? (q === undefined ? '-number' : 'rank');
  const descending = order.startsWith('-') || order === 'rank';
  const { column, type } = sortColumns[order.replace('-', '')] ?? { column: 's.number', type: 'bigint' };
  const by = column === 'rank' && q === undefined ? 's.number' : column;
  const direction = descending ? 'desc' : 'asc';
  const rank = q === undefined ? '0::real' : 'ts_rank_cd(w.words, $7::text::tsquery)';
  const words =
    q === undefined
      ? ''
      : `join specline.spec_search w on w.organization_id = s.organization_id and w.spec_id = s.spec_id
          and w.words @@ $7::text::tsquery`;
  return {
    name: `specs.list ${order} ${q === undefined ? 'all' : 'search'}`,
    text: `select * from (
        select ${specColumns}, ${rank} as rank, (${by === 'rank' ? rank : by})::text as position, ${by === 'rank' ? rank : by} as place
        from specline.spec s ${words}
        where s.organization_id = $1 and ($2::text is null or s.lifecycle = $2) and ($3::text is null or s.labels @> array[$3::text])
          and ($4::text[] is null or s.owner = any ($4)) and ($5::text is null or s.template_key = $5)
          and ($6::bigint is null or s.number = $6)
          and ($11::boolean is null or $11 = coalesce(s.review @? '$.suspects[*] ? (@.confirmedAt == null)', false)) and ($7::text is null or true)) s
      where $8::text is null or (place, "specId") ${descending ? '<' : '>'} ($8::text::${by === 's.number' ? 'bigint' : type}, $9::uuid)
      order by place ${direction}, "specId" ${direction} limit $10`,
  };
}
