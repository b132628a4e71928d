import { Injectable } from '@nestjs/common';
import { lifecycles } from '../../commands/lifecycle.commands.js';
import { Refusal } from '../../commands/refusals.js';
import { Database } from '../event-store/database.js';
import { PersonalData } from '../event-store/personal-data.js';
import { bucketsOf } from './buckets.js';
import type { StatisticsRow } from './statistics-statements.js';
import { namesOfActors, stateAfter, statisticsOf, transitionsOf } from './statistics-statements.js';
import type { AuditStatistics, StatisticName, StatisticsQuery, StatisticsSeries } from './statistics.view.js';
import { mostBuckets, statisticNames } from './statistics.view.js';

const millisecondsOfDay = 86_400_000;

/** In which order series stand, whatever was counted; those of actors stand by how much they did, others last. */
const order: readonly string[] = [
  ...['human', 'agent', 'service', 'system', 'reviewed', 'unreviewed', 'reopened', 'returned', 'amended'],
  ...lifecycles,
];

/** What an organization did in a period, counted from its trail and history. */
@Injectable()
export class StatisticsQueries {
  constructor(
    private readonly database: Database,
    private readonly personal: PersonalData,
  ) {}

  /** @throws Refusal `not_found` for a view that is none, `invalid_request` for a period that cannot be shown */
  async of(organizationId: string, name: string, query: StatisticsQuery): Promise<AuditStatistics> {
    const view = statisticNames.find((one) => one === name);
    if (!view) throw new Refusal('not_found', `There are the views ${statisticNames.join(', ')}.`);
    const { from, to, bucket, buckets } = period(query);
    const transitions = transitionsOf[view];
    const values = [
      ...[organizationId, from, to, bucket],
      ...(transitions === null ? [] : [transitions]),
      ...(view === 'cycle-time' ? [JSON.stringify(stateAfter)] : []),
    ];
    const rows = await this.database.query<StatisticsRow>(organizationId, statisticsOf(view), values);
    const series = seriesOf(rows, buckets, view);
    return { view, from, to, bucket, buckets, series: await this.named(organizationId, view, series) };
  }

  private async named(organizationId: string, view: StatisticName, series: StatisticsSeries[]) {
    if (view !== 'actors') return series;
    const ids = series.map(({ key }) => key);
    const stored = await this.database.query<{ key: string; name: string }>(organizationId, namesOfActors, [
      organizationId,
      ids,
    ]);
    const revealed = await this.personal.reveal(organizationId, stored, ['name']);
    const names = new Map(revealed.map(({ key, name }) => [key, name]));
    return series.map((one) => ({ ...one, name: names.get(one.key) ?? one.name }));
  }
}

function period({ from, to, bucket = 'day' }: StatisticsQuery) {
  const end = to === undefined ? new Date() : new Date(to);
  const start = from === undefined ? dayBefore(end, 29) : new Date(from);
  if (start.getUTCFullYear() < 1) throw new Refusal('invalid_request', 'A period begins after the year 0.');
  if (start >= end)
    throw new Refusal('invalid_request', 'The period ends before it begins: `from` is not before `to`.');
  const buckets = bucketsOf(start, end, bucket, mostBuckets);
  if (buckets.length > mostBuckets) {
    const detail = `The period has more than ${mostBuckets} spans of a ${bucket}: ask for a shorter one, or for longer spans.`;
    throw new Refusal('invalid_request', detail);
  }
  return { from: start.toISOString(), to: end.toISOString(), bucket, buckets };
}

const dayBefore = (time: Date, days: number): Date =>
  new Date(Math.floor(time.getTime() / millisecondsOfDay - days) * millisecondsOfDay);

function seriesOf(rows: readonly StatisticsRow[], buckets: readonly string[], view: StatisticName): StatisticsSeries[] {
  const isTimed = view === 'cycle-time' || view === 'first-review';
  const totals = rows.filter((row) => row.bucket === null);
  return totals.sort(view === 'actors' ? byCount : byOrder).map(({ key, count, median, ninetieth }) => {
    const found = new Map(rows.filter((row) => row.key === key).map((row) => [row.bucket, row]));
    const each = buckets.map((bucket) => found.get(bucket));
    return {
      ...{ key, name: key === 'others' ? 'all others' : key.replaceAll('_', ' '), count },
      counts: each.map((row) => row?.count ?? 0),
      ...(isTimed && {
        ...{ median, ninetieth },
        medians: each.map((row) => row?.median ?? null),
        ninetieths: each.map((row) => row?.ninetieth ?? null),
      }),
    };
  });
}

const byOrder = (one: StatisticsRow, other: StatisticsRow): number => order.indexOf(one.key) - order.indexOf(other.key);

function byCount(one: StatisticsRow, other: StatisticsRow): number {
  if (one.key === 'others' || other.key === 'others') return one.key === 'others' ? 1 : -1;
  return other.count - one.count || (one.key < other.key ? -1 : 1);
}
