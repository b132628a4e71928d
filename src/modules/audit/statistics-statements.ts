import type { Lifecycle } from '../../commands/lifecycle.commands.js';
import type { lifecycleEvents } from '../../events/lifecycle.events.js';
import type { Statement } from '../event-store/database.js';
import type { StatisticName } from './statistics.view.js';

/** Where a transition leaves a spec, unless its event says where it went back to; a spec begins as a draft. */
export const stateAfter: Record<keyof typeof lifecycleEvents, Lifecycle> = {
  'spec.lifecycle.submitted': 'in_review',
  'spec.lifecycle.returned': 'draft',
  'spec.lifecycle.approved': 'approved',
  'spec.lifecycle.rejected': 'rejected',
  'spec.lifecycle.deferred': 'deferred',
  'spec.lifecycle.withdrawn': 'withdrawn',
  'spec.lifecycle.reopened': 'draft',
  'spec.lifecycle.amended': 'draft',
  'spec.lifecycle.started': 'in_implementation',
  'spec.lifecycle.completed': 'implemented',
  'spec.lifecycle.superseded': 'superseded',
  'spec.lifecycle.deprecated': 'deprecated',
  'spec.lifecycle.archived': 'archived',
};

/** The transitions that each view is about; null where it is about every event. */
export const transitionsOf: Record<StatisticName, readonly string[] | null> = {
  activity: null,
  actors: null,
  'cycle-time': Object.keys(stateAfter).map((type) => type.slice('spec.lifecycle.'.length)),
  'first-review': ['submitted'],
  reopened: ['reopened', 'returned', 'amended'],
};

/** How many actors are shown by themselves. */
const mostActors = 10;

/** What is counted of one key in one bucket; in the whole period where the bucket is null. */
export type StatisticsRow = {
  key: string;
  bucket: string | null;
  count: number;
  median: number | null;
  ninetieth: number | null;
};

const inPeriod = `t.organization_id = $1 and t.recorded_at >= $2::timestamptz and t.recorded_at < $3::timestamptz and t.kind = 'event'`;
const bucket = `date_trunc($4, t.recorded_at at time zone 'UTC')`;
const day = `to_char(bucket, 'YYYY-MM-DD') as "bucket"`;
const ofTransitions = `${inPeriod} and t.transition = any ($5::text[])`;
// By $1, so that the one partition is read that has the organization.
const ofStream = `organization_id = $1 and stream_id = t.stream_id`;
const transitionOfStream = `${ofStream} and type like 'spec.lifecycle.%'`;

const counted = (source: string) => `
  select key as "key", ${day}, sum(n)::bigint as "count", null as "median", null as "ninetieth"
  from (${source}) entry group by grouping sets ((key, bucket), (key))`;

const timed = (source: string) => {
  const quantile = (share: number) =>
    `round((percentile_cont(${share}) within group (order by seconds))::numeric, 3)::float8`;
  return `select key as "key", ${day}, count(*) as "count", ${quantile(0.5)} as "median", ${quantile(0.9)} as "ninetieth"
    from (${source}) entry group by grouping sets ((key, bucket), (key))`;
};

/** Those who did most by themselves, all others together. */
const byActor = `
  with done as (select t.actor_id, ${bucket} as bucket, count(*) as n from specline.audit_entry t where ${inPeriod} group by 1, 2),
    most as (select actor_id from done group by 1 order by sum(n) desc, 1 limit ${mostActors})
  ${counted(`select coalesce(most.actor_id, 'others') as key, bucket, n from done left join most using (actor_id)`)}`;

/** How long specs had stood where a transition took them from. */
const cycleTimes = `
  select coalesce(before.back_to, $6::jsonb ->> before.type, 'draft') as key, ${bucket} as bucket,
    extract(epoch from t.recorded_at - coalesce(before.recorded_at, first.recorded_at)) as seconds
  from specline.audit_entry t
    left join lateral (select recorded_at from specline.event where ${ofStream} and version = 1 limit 1) first on true
    left join lateral (select type, payload ->> 'backTo' as back_to, recorded_at from specline.event
      where ${transitionOfStream} and version < t.version order by version desc limit 1) before on true
  where ${ofTransitions}`;

/** How long it took from a submission to the first vote of a person who had not submitted it, in the same round. */
const firstReviews = `
  select case when vote.recorded_at is null then 'unreviewed' else 'reviewed' end as key, ${bucket} as bucket,
    extract(epoch from vote.recorded_at - t.recorded_at) as seconds
  from specline.audit_entry t
    left join lateral (select version from specline.event
      where ${transitionOfStream} and version > t.version order by version limit 1) next on true
    left join lateral (select recorded_at from specline.event
      where ${ofStream} and version > t.version
        and (next.version is null or version < next.version) and type = 'spec.vote.cast'
        and metadata -> 'actor' ->> 'kind' = 'human' and metadata -> 'actor' ->> 'id' <> t.actor_id
      order by version limit 1) vote on true
  where ${ofTransitions}`;

const entries = (key: string, condition: string) =>
  `select ${key} as key, ${bucket} as bucket, count(*) as n from specline.audit_entry t where ${condition} group by 1, 2`;

const texts: Record<StatisticName, string> = {
  activity: counted(entries('t.actor_kind', inPeriod)),
  actors: byActor,
  'cycle-time': timed(cycleTimes),
  'first-review': timed(firstReviews),
  reopened: counted(entries('t.transition', ofTransitions)),
};

/**
 * What a view counts. $1: organization, $2 and $3: the period, $4: how long a bucket is, then {@link transitionsOf} and
 * for cycle times {@link stateAfter}.
 */
export const statisticsOf = (view: StatisticName): Statement => ({
  name: `audit.statistics ${view}`,
  text: texts[view],
});

/** How actors are called, by their last entries. $1: organization, $2: their ids. */
export const namesOfActors: Statement = {
  name: 'audit.names-of-actors',
  text: `select asked.id as "key", named.name as "name"
    from unnest($2::text[]) asked (id)
      join lateral (select t.actor_name as name from specline.audit_entry t
        where t.organization_id = $1 and t.actor_id = asked.id order by t.recorded_at desc, t.entry_id desc limit 1) named on true`,
};
