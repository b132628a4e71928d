import { Injectable } from '@nestjs/common';
import { Database } from '../event-store/database.js';
import type { FragmentView } from './spec.view.js';

/**
 * Most a spec gives to the index and to a highlight, in characters: PostgreSQL makes a megabyte of words at most, and
 * hyphenated pairs of long letters take about ten bytes a character.
 */
const indexed = 100_000;

const behind = {
  name: 'search.behind',
  text: `select s.spec_id as "specId" from specline.spec s
      left join specline.spec_search w on w.organization_id = s.organization_id and w.spec_id = s.spec_id
    where s.organization_id = $1 and w.version is distinct from s.version limit 200`,
};
const index = {
  name: 'search.index',
  text: `insert into specline.spec_search as w (organization_id, spec_id, version, words)
    select s.organization_id, s.spec_id, s.version,
      setweight(to_tsvector('english', s.title), 'A') || setweight(to_tsvector('english', left(
        (select coalesce(string_agg(c.heading || E'\\n' || coalesce(c.body, ''), E'\\n'), '') from specline.spec_section c
          where c.organization_id = s.organization_id and c.spec_id = s.spec_id) || coalesce(s.preamble, ''), ${indexed})), 'B')
    from specline.spec s where s.organization_id = $1 and s.spec_id = any ($2::uuid[])
    on conflict (organization_id, spec_id) do update set version = excluded.version, words = excluded.words
    where excluded.version > w.version`,
};
const indexTitle = {
  name: 'search.index-title',
  text: `insert into specline.spec_search as w (organization_id, spec_id, version, words)
    select organization_id, spec_id, version, setweight(to_tsvector('english', title), 'A')
    from specline.spec where organization_id = $1 and spec_id = $2
    on conflict (organization_id, spec_id) do update set version = excluded.version, words = excluded.words`,
};
const programLimitExceeded = '54000';

const fragments = {
  name: 'search.fragments',
  text: `select c.spec_id as "specId", c.key as "sectionKey",
      ts_headline('english', translate(left(c.body, ${indexed}), E'\\x02\\x03', ''), q.any,
        E'StartSel=\\x02, StopSel=\\x03, MaxFragments=1, MaxWords=30, MinWords=10') as text
    from (select string_agg(query::text, ' | ')::tsquery as "any"
      from unnest($3::text[]) word, plainto_tsquery('english', word) query where numnode(query) > 0) q
    cross join lateral (
      select c.*, row_number() over (partition by c.spec_id order by ts_rank_cd(to_tsvector('english', left(c.body, ${indexed})), q.any) desc) as place
      from specline.spec_section c
      where c.organization_id = $1 and c.spec_id = any ($2::uuid[]) and to_tsvector('english', left(c.body, ${indexed})) @@ q.any) c
    where c.place <= 3 order by c.spec_id, c.place`,
};

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

  /** A text that PostgreSQL cannot take apart must not keep the others from being found: it is known by its title. */
  private async index(organizationId: string, specIds: readonly string[]): Promise<void> {
    try {
      await this.database.query(organizationId, index, [organizationId, specIds]);
    } catch (error) {
      if ((error as { code?: string }).code !== programLimitExceeded) throw error;
      const [only, ...others] = specIds;
      if (others.length === 0) await this.database.query(organizationId, indexTitle, [organizationId, only]);
      else for (const specId of specIds) await this.index(organizationId, [specId]);
    }
  }

  /** Up to three stretches a spec in which words of the search stand. */
  async fragments(organizationId: string, specIds: readonly string[], q: string): Promise<Map<string, FragmentView[]>> {
    type Row = { specId: string; sectionKey: string; text: string };
    const rows = await this.database.query<Row>(organizationId, fragments, [organizationId, specIds, searchedWords(q)]);
    const found = new Map<string, FragmentView[]>();
    for (const { specId, ...fragment } of rows) {
      found.set(specId, [...(found.get(specId) ?? []), highlighted(fragment)]);
    }
    return found;
  }
}

/** The words of a search that a text is to contain: without excluded words and phrases, quotes and `or`. */
const searchedWords = (q: string): string[] =>
  q
    .replace(/(?<=^|\s)-(?:"[^"]*"?|\S+)/g, ' ')
    .split(/[\s"]+/)
    .filter((word) => word !== '' && word.toLowerCase() !== 'or');

function highlighted({ sectionKey, text: marked }: { sectionKey: string; text: string }): FragmentView {
  const highlights: number[][] = [];
  let text = '';
  for (const part of marked.split('\x02')) {
    const end = part.indexOf('\x03');
    if (end >= 0) highlights.push([text.length, text.length + end]);
    text += part.replace('\x03', '');
  }
  return { sectionKey, text, highlights };
}
