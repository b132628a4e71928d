import { Injectable } from '@nestjs/common';
import { Database } from '../event-store/database.js';
import type { Statement } from '../event-store/database.js';
import { partsOf } from './name-parts.sql.js';
import type { FragmentRow } from './spec-search-fragments.js';
import { fragments as fragmentsOf, highlighted } from './spec-search-fragments.js';
import type { SearchQuery } from './spec-search-query.js';
import { readSearch, searchValues } from './spec-search-query.js';
import type { FragmentView } from './spec.view.js';

/**
 * Most a spec gives to the index and to a highlight, in characters: PostgreSQL makes a megabyte of words at most, and
 * hyphenated pairs of long letters take about ten bytes a character.
 */
const indexed = 100_000;

/** How texts are taken apart by this program: what an earlier one indexed is indexed again. */
const reading = 1;

const behind = {
  name: 'search.behind',
  text: `select s.spec_id as "specId" from specline.spec s
      left join specline.spec_search w on w.organization_id = s.organization_id and w.spec_id = s.spec_id
    where s.organization_id = $1 and (w.version is distinct from s.version or w.reading < ${reading}) limit 200`,
};

/** Indexes specs ($2) of an organization ($1) by these words of a title `s.title` and a text `t.text`. */
const indexing = (name: string, words: string) => ({
  name,
  text: `insert into specline.spec_search as w (organization_id, spec_id, version, reading, words)
    select s.organization_id, s.spec_id, s.version, ${reading}, ${words}
    from specline.spec s cross join lateral (
      select left(coalesce(string_agg(c.heading || E'\\n' || coalesce(c.body, ''), E'\\n'), '') || coalesce(s.preamble, ''), ${indexed}) as text
      from specline.spec_section c where c.organization_id = s.organization_id and c.spec_id = s.spec_id) t
    where s.organization_id = $1 and s.spec_id = any ($2::uuid[])
    on conflict (organization_id, spec_id) do update
      set version = excluded.version, reading = excluded.reading, words = excluded.words
    where excluded.version > w.version or excluded.reading > w.reading`,
});
const title = `setweight(to_tsvector('english', s.title), 'A')`;
const texts = `${title} || setweight(to_tsvector('english', t.text), 'B')`;
// What stands alone comes before what is part of a name. Behind all others, parts leave words their places in phrases.
const parts = `setweight(${partsOf('s.title', indexed)}, 'A') || setweight(${partsOf('t.text', indexed)}, 'C')`;

const index = indexing('search.index', `${texts} || ${parts}`);
const attempts = [index, indexing('search.index-texts', texts), indexing('search.index-titles', title)];
const programLimitExceeded = '54000';
const fragments = fragmentsOf(indexed);

/**
 * Full-text search. Writers leave the index alone, which would cost them more than all the rest of a write: it is
 * brought up to date when somebody searches, so a search sees every write that came before it.
 */
@Injectable()
export class SpecSearch {
  constructor(private readonly database: Database) {}

  /** Indexes what changed since the last search of this organization. */
  async catchUp(organizationId: string): Promise<void> {
    for (;;) {
      const rows = await this.database.query<{ specId: string }>(organizationId, behind, [organizationId]);
      if (rows.length === 0) return;
      for (let start = 0; start < rows.length; start += 20) {
        const some = rows.slice(start, start + 20).map(({ specId }) => specId);
        await this.index(organizationId, some);
      }
    }
  }

  /**
   * A text that PostgreSQL cannot take apart must not keep the others from being found: it does without parts of names, and
   * then is known by its title.
   */
  private async index(organizationId: string, specIds: readonly string[]): Promise<void> {
    if (await this.indexed(index, organizationId, specIds)) return;
    for (const specId of specIds) {
      for (const statement of attempts) if (await this.indexed(statement, organizationId, [specId])) break;
    }
  }

  /** @returns whether PostgreSQL could */
  private async indexed(statement: Statement, organizationId: string, specIds: readonly string[]): Promise<boolean> {
    try {
      await this.database.query(organizationId, statement, [organizationId, specIds]);
      return true;
    } catch (error) {
      if ((error as { code?: string }).code !== programLimitExceeded) throw error;
      return false;
    }
  }

  /** What a search asks for: with every name as a whole or as its parts. */
  async read(organizationId: string, q: string): Promise<SearchQuery> {
    const [query] = await this.database.query<SearchQuery>(organizationId, readSearch, searchValues(q));
    return query ?? { all: '', any: '' };
  }

  /** Up to three stretches a spec in which words of the search stand. */
  async fragments(
    organizationId: string,
    specIds: readonly string[],
    { any }: SearchQuery,
  ): Promise<Map<string, FragmentView[]>> {
    const rows = await this.database.query<FragmentRow>(organizationId, fragments, [organizationId, specIds, any]);
    const found = new Map<string, FragmentView[]>();
    for (const row of rows) found.set(row.specId, [...(found.get(row.specId) ?? []), highlighted(row)]);
    return found;
  }
}
