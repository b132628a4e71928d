import type { ComplianceVerdict } from '../../events/spec-compliance.events.js';
import type { ComplianceSubject, JudgedOn, StaleCode } from './compliance-standing.queries.js';
import { stale } from './compliance-standing.queries.js';
import type { AgeStandings, ComplianceOverview, StandingCounts } from './overview.view.js';
import type { WaiverInForce } from './waivers-in-force.queries.js';

/** A spec as it is, and the last report on it. */
export type OverviewSpec = {
  specId: string;
  subject: ComplianceSubject;
  report: (JudgedOn & { verdict: ComplianceVerdict; issuedAt: Date }) | null;
};

/** Lower bounds of the groups of ages, in days. */
const ages = [0, 1, 7, 30, 90];
const day = 86_400_000;

/** How specs stand, altogether, by template and by the age of the report. */
export function overviewOf(
  specs: readonly OverviewSpec[],
  packHash: string,
  waivers: readonly WaiverInForce[],
  now: Date,
): Omit<ComplianceOverview, 'rules' | 'sources'> {
  const all = emptyCounts();
  const byTemplate = new Map<string, Counts>();
  const byAge = new Map<number, Counts>();
  const why = new Map<StaleCode, number>();
  for (const { specId, subject, report } of specs) {
    const counted = waivers.filter((one) => isFor(one, specId) && !subject.writers.includes(one.approvedBy));
    const codes = report ? stale(report, subject, packHash, counted) : [];
    for (const code of codes) why.set(code, (why.get(code) ?? 0) + 1);
    const standing = standingOf(report?.verdict, codes.length > 0);
    const groups = [all, groupOf(byTemplate, subject.template.key)];
    if (report) groups.push(groupOf(byAge, ageOf(report.issuedAt, now)));
    for (const group of groups) {
      group.specs += 1;
      group[standing] += 1;
    }
  }
  return {
    ...all,
    packHash,
    why: [...why].map(([code, count]) => ({ code, specs: count })),
    templates: [...byTemplate].sort(byKey).map(([template, counts]) => ({ template, ...counts })),
    ages: [...byAge].sort(byKey).map(([olderThanDays, counts]): AgeStandings => ({ olderThanDays, ...counts })),
  };
}

type Counts = { -readonly [K in keyof StandingCounts]: number };

const emptyCounts = (): Counts => {
  return { specs: 0, none: 0, stale: 0, compliant: 0, compliantWithWaivers: 0, nonCompliant: 0 };
};

function groupOf<K>(groups: Map<K, Counts>, key: K): Counts {
  const group = groups.get(key) ?? emptyCounts();
  groups.set(key, group);
  return group;
}

const isFor = ({ specId }: WaiverInForce, id: string): boolean => specId === null || specId === id;

const ageOf = (issuedAt: Date, now: Date): number =>
  ages.findLast((days) => now.getTime() - issuedAt.getTime() >= days * day) ?? 0;

function standingOf(verdict: ComplianceVerdict | undefined, isStale: boolean): Exclude<keyof Counts, 'specs'> {
  if (!verdict) return 'none';
  if (isStale) return 'stale';
  if (verdict === 'compliant') return 'compliant';
  return verdict === 'non_compliant' ? 'nonCompliant' : 'compliantWithWaivers';
}

const byKey = <K extends string | number>([one]: [K, unknown], [other]: [K, unknown]): number =>
  one < other ? -1 : one > other ? 1 : 0;
