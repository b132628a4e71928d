import type { Statement } from '../event-store/database.js';
import type { TrailQuery } from './trail-query.view.js';
import type { TrailEntryView } from './trail.view.js';

/** An entry as it is read. */
export type TrailRow = Omit<TrailEntryView, 'actor' | 'request'> & {
  streamId: string | null;
  actorId: string;
  actorKind: string;
  actorName: string;
};

export type Filter = Omit<TrailQuery, 'limit' | 'cursor'>;

const time = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const columns = `entry_id as "entryId", kind, type, ${time('recorded_at')} as "recordedAt", seq, stream_id as "streamId",
  spec_id as "specId", version, section, command, transition, actor_id as "actorId", actor_kind as "actorKind",
  actor_name as "actorName", on_behalf_of as "onBehalfOf", correlation_id as "correlationId", code, reason, decision,
  hash_before as "hashBefore", hash_after as "hashAfter"`;

/** One entry by its id. */
export const rowOf: Statement = {
  name: 'audit.entry',
  text: `select ${columns} from specline.audit_entry where organization_id = $1 and entry_id = $2`,
};

/** The door to the index of words (migration 0022), with the times of what it finds. */
export const wordsOf: Statement = {
  name: 'audit.search',
  text: `select entry_id as "entryId", ${time('recorded_at')} as "recordedAt"
    from specline.search_audit($1, coalesce($2::timestamptz, '-infinity'), coalesce($3::timestamptz, 'infinity'),
      $4::timestamptz, $5::uuid, $6, $7)`,
};

/** What has an index of its own, those first that leave the fewest entries; by the first one that is given a page is read. */
const indexed = [
  ['correlation', 'correlation_id', 'text'],
  ['spec', 'spec_id', 'uuid'],
  ['onBehalfOf', 'on_behalf_of', 'text'],
  ['section', 'section', 'text'],
  ['transition', 'transition', 'text'],
  ['actor', 'actor_id', 'text'],
  ['type', 'type', 'text'],
  ['command', 'command', 'text'],
  ['kind', 'kind', 'text'],
  ['principal', 'actor_kind', 'text'],
] as const satisfies readonly (readonly [keyof Filter, string, string])[];

/** Before the first entry of all: nothing stands there. */
export function beyond({ order }: Filter): [string, string] {
  return order === 'oldest'
    ? ['-infinity', '00000000-0000-0000-0000-000000000000']
    : ['infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff'];
}

/** The values of the filters of {@link pageOf}, in its order. */
export const filterValues = (filter: Filter): (string | null)[] => [
  filter.from ?? '-infinity',
  filter.to ?? 'infinity',
  ...indexed.map(([name]) => filter[name] ?? null),
];

const foundByWords = `with found as materialized (
  select * from specline.audit_entry where organization_id = $1 and entry_id = any ($5::uuid[]))`;

/**
 * A page of entries: one statement for each filter that can lead and each order, so that each is a stretch of one index
 * whatever the planner knows of the values. $1: organization, $2 and $3: the edge, $4: how many, $5: the ids that words
 * were found in, from $6 on the filters.
 */
export function pageOf(filter: Filter): Statement {
  const first = 8;
  const lead = filter.q === undefined ? indexed.findIndex(([name]) => filter[name] !== undefined) : -1;
  const conditions = indexed.map(([, column, type], at) => {
    const value = `$${first + at}::${type}`;
    return at === lead ? `${column} = ${value}` : `(${value} is null or ${column} = ${value})`;
  });
  // What words were found in is few, and read first: otherwise the planner would rather look through all of time.
  const [read, source, found] =
    filter.q === undefined ? ['', 'specline.audit_entry', 'and $5::uuid[] is null'] : [foundByWords, 'found', ''];
  const [direction, comparison] = filter.order === 'oldest' ? ['asc', '>'] : ['desc', '<'];
  const by = filter.q === undefined ? (indexed[lead]?.[0] ?? 'time') : 'words';
  return {
    name: `audit.page ${by} ${direction}`,
    text: `${read} select ${columns} from ${source}
      where organization_id = $1 and (recorded_at, entry_id) ${comparison} ($2::timestamptz, $3::uuid)
        and recorded_at >= $6::timestamptz and recorded_at < $7::timestamptz ${found} and ${conditions.join(' and ')}
      order by recorded_at ${direction}, entry_id ${direction} limit $4`,
  };
}
