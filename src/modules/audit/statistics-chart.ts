import type { EChartsCoreOption } from 'echarts/core';
import type { AuditStatistics, StatisticName } from './statistics.view.js';

const titles: Record<StatisticName, string> = {
  activity: 'Events by kind of actor',
  actors: 'Events by actor',
  'cycle-time': 'Median time in a state, by when it was left',
  'first-review': "Median time to a person's first vote, by submission",
  reopened: 'Specs that went back',
};
const longestName = 32;

/** As many as there can be series: the states of the lifecycle, or ten actors and all others. */
const colours = [
  ...['#3b6fb6', '#e08a2e', '#4a9b5f', '#b8443f', '#7d62a8', '#8a6d5c'],
  ...['#d078ab', '#6f7780', '#a8a32f', '#3aa6b3', '#c3c8ce'],
];

/** Units of time in seconds, each where the longest time is at least two of it. */
const units = [
  ['days', 86_400],
  ['hours', 3600],
  ['minutes', 60],
  ['seconds', 1],
] as const;

/** Statistics as a chart, for ECharts: bars of counts upon each other, lines of times. */
export function chartOf({ view, from, to, bucket, buckets, series }: AuditStatistics): EChartsCoreOption {
  const timed = series.filter(({ medians }) => medians?.some((median) => median !== null));
  const isTimed = view === 'cycle-time' || view === 'first-review';
  const longest = Math.max(0, ...timed.flatMap(({ medians = [] }) => medians.map((median) => median ?? 0)));
  const [unit, seconds] = units.find(([, length]) => longest >= 2 * length) ?? units[3];
  const names = distinct((isTimed ? timed : series).map(({ name }) => name));
  const period = `${from.slice(0, 10)} to ${to.slice(0, 10)} (UTC), by ${bucket}`;
  return {
    backgroundColor: '#ffffff',
    color: colours,
    title: {
      text: titles[view],
      subtext: series.length === 0 ? `${period}: there is nothing to show` : period,
      left: 'center',
    },
    legend: { type: 'plain', bottom: 10, left: 'center', padding: [0, 20] },
    grid: { top: 80, bottom: series.length > 6 ? 125 : 65, left: 40, right: 30 },
    xAxis: { type: 'category', data: buckets },
    yAxis: { type: 'value', min: 0, name: isTimed ? unit : '', minInterval: isTimed ? 0 : 1 },
    series: isTimed
      ? timed.map(({ medians = [] }, at) => ({
          ...{ type: 'line', name: names[at], connectNulls: true, symbol: 'circle', symbolSize: 6 },
          data: medians.map((median) => (median === null ? null : median / seconds)),
        }))
      : series.map(({ counts }, at) => ({ type: 'bar', stack: 'all', name: names[at], data: counts })),
  };
}

/** Names to be told apart by: to a chart, series of one name are one. */
const distinct = (names: readonly string[]): string[] => {
  const short = names.map(shortened);
  return short.map((name, at) => {
    const before = short.slice(0, at).filter((one) => one === name).length;
    return before === 0 ? name : `${name} (${before + 1})`;
  });
};

const shortened = (name: string): string => {
  const letters = [...name];
  return letters.length <= longestName ? name : `${letters.slice(0, longestName - 1).join('')}…`;
};
