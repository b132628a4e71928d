import { readings } from './name-parts.sql.js';

/** What is searched for, as PostgreSQL writes it: what a spec must fit, and whatever of it a section may show. */
export type SearchQuery = { all: string; any: string };

/**
 * Reads a search ($1). PostgreSQL does, as ever; then each of its operands ($2) that is a name, or a phrase with names, may
 * also stand there as the row of its parts. The longest are replaced first: they hold others. A row of which stop words
 * leave but one word is none: `isPaid` is not `paid`. Any of its words ($3) is worth showing.
 */
export const readSearch = {
  name: 'search.read',
  text: `with recursive row_of as (
      select operand, query from unnest($2::text[]) as operand
        cross join lateral ${readings('operand')} as readings (reading)
        cross join lateral phraseto_tsquery('english', reading) as query
      where numnode(query) > 1 or numnode(query) = 1 and strpos(reading, ' ') = 0),
    name as (
      select row_number() over (order by numnode(target) desc) as place, target, target || parts as wanted
      from (select phraseto_tsquery('english', operand) as target, string_agg(distinct query::text, ' | ')::tsquery as parts
        from row_of group by target) names
      where numnode(target) > 0 and target <> parts),
    search (place, query) as (
      select 0::bigint, websearch_to_tsquery('english', $1)
      union all
      select name.place, ts_rewrite(query, target, wanted) from search join name on name.place = search.place + 1)
    select (select query::text from search order by place desc limit 1) as "all",
      (select coalesce(string_agg(query::text, ' | '), '') from (
        select query from unnest($3::text[]) as word, plainto_tsquery('english', word) as query where numnode(query) > 0
        union select query from row_of where operand = any ($3)) words) as "any"`,
};

/** What PostgreSQL is given to read a search. */
export const searchValues = (q: string): [string, string[], string[]] => {
  const words = searchedWords(q);
  return [q, [...new Set([...operandsOf(q), ...words])], words];
};

/** Words and phrases of a search, excluded ones too, as PostgreSQL tells them apart. */
const operandsOf = (q: string): string[] =>
  (q.match(/"[^"]*"?|[^\s"!&|():]+/g) ?? [])
    .map((operand) => operand.replace(/^-+|"/g, ''))
    .filter((operand) => operand.trim() !== '');

/** The words of a search that a text is to contain: without excluded words and phrases, quotes and `or`. */
const searchedWords = (q: string): string[] =>
  q
    .replace(/(?<=^|\s)-(?:"[^"]*"?|\S+)/g, ' ')
    .split(/[\s"]+/)
    .filter((word) => word !== '' && word.toLowerCase() !== 'or');
