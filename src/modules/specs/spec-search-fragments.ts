import { apart, humps, partsOf } from './name-parts.sql.js';
import type { FragmentView } from './spec.view.js';

export type FragmentRow = {
  specId: string;
  sectionKey: string;
  /** As it stands in the section. */
  original: string;
  /** The same with spaces for signs, marks around words and, it may be, between humps. */
  marked: string;
};

/** What comes before and behind a word that was found, and between humps: texts are rid of them before. */
const [before, behind, hump] = ['\x02', '\x03', '\x04'];
const headline = (text: string): string =>
  `ts_headline('english', ${text}, q.query, E'StartSel=\\x02, StopSel=\\x03, MaxFragments=1, MaxWords=30, MinWords=10')`;
const ifAny = (marked: string): string => `substring(${marked} from E'^.*\\x02.*$')`;

/**
 * Up to three stretches of each spec ($2) of an organization ($1) where words ($3) stand. PostgreSQL marks them where names
 * are taken apart, then humps as well, then nothing: what it kept as one word is found there. Signs taken for spaces leave
 * each letter in its place, so what it marks is found again in the original.
 * @param indexed most characters of a section
 */
export const fragments = (indexed: number) => ({
  name: 'search.fragments',
  text: `select f."specId", f."sectionKey", f.marked,
      coalesce(substr(f.body, nullif(strpos(f.plain, f.found), 0), length(f.found)), f.found) as original
    from (
      select c.spec_id as "specId", c.key as "sectionKey", c.place, c.body, m.marked,
        translate(m.marked, E'\\x02\\x03\\x04', '') as found,
        case when m.split then ${apart('c.body')} else c.body end as plain
      from (select $3::text::tsquery as query) q
      cross join lateral (
        select s.spec_id, s.key, t.body, row_number() over (
            partition by s.spec_id order by ts_rank_cd(t.words, q.query) + ts_rank_cd(t.parts, q.query) desc, s.key) as place
        from specline.spec_section s
        cross join lateral (select translate(left(s.body, ${indexed}), E'\\x02\\x03\\x04', '') as body offset 0) b
        cross join lateral (
          select b.body, to_tsvector('english', b.body) as words, ${partsOf('b.body', indexed)} as parts offset 0) t
        where s.organization_id = $1 and s.spec_id = any ($2::uuid[]) and (t.words @@ q.query or t.parts @@ q.query)) c
      cross join lateral (
        select true as split, coalesce(
          ${ifAny(headline(apart('c.body')))}, ${ifAny(headline(humps(apart('c.body'), `E'\\x04'`)))}) as marked) a
      cross join lateral (
        select a.marked is not null as split, coalesce(a.marked, ${headline('c.body')}) as marked offset 0) m
      where c.place <= 3) f
    order by f."specId", f.place`,
});

/** A stretch and where words stand in it. Marked parts of one name, between which only signs stand, are one. */
export function highlighted({ sectionKey, original, marked }: FragmentRow): FragmentView {
  const highlights: [number, number][] = [];
  let at = 0;
  for (const sign of marked) {
    if (sign === before) open(highlights, original, at);
    else if (sign === behind) close(highlights, at);
    else if (sign !== hump) at += sign.length;
  }
  return { sectionKey, text: original, highlights };
}

function open(highlights: [number, number][], text: string, at: number): void {
  const last = highlights.at(-1);
  if (!last || !/^[^\p{L}\p{M}\p{N}\s]*$/u.test(text.slice(last[1], at))) highlights.push([at, at]);
}

function close(highlights: [number, number][], at: number): void {
  const last = highlights.at(-1);
  if (last) last[1] = at;
}
