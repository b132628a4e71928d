import { describe, expect, test } from 'vitest';
import type { ComplianceSubject } from './compliance-standing.queries.js';
import { subjectHash } from './compliance-standing.queries.js';
import type { OverviewSpec } from './overview.js';
import { overviewOf } from './overview.js';
import type { WaiverInForce } from './waivers-in-force.queries.js';

const now = new Date('2026-06-30T12:00:00.000Z');
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);
const subject: ComplianceSubject = {
  ...{ contentHash: 'content', template: { key: 'spec', version: 1 }, title: 'Searches' },
  ...{ labels: [], relations: [], writers: ['ann'] },
};
const spec = (specId: string, changes: Partial<NonNullable<OverviewSpec['report']>> = {}): OverviewSpec => ({
  specId,
  subject,
  report: {
    ...{ verdict: 'compliant', contentHash: 'content', subjectHash: subjectHash(subject), packHash: 'pack' },
    ...{ reportRulings: 0, rulings: 0, waiverIds: [], ruledBy: [], blocking: [], issuedAt: now },
    ...changes,
  },
});
const waiver = (changes: Partial<WaiverInForce> = {}): WaiverInForce => ({
  ...{ waiverId: 'w', ruleId: 'house.rule', specId: null, owner: 'o', compensatingControl: 'c' },
  ...{ expiresAt: '2027-01-01T00:00:00.000Z', approvedBy: 'dan', ...changes },
});
const standing = (specs: OverviewSpec[], waivers: WaiverInForce[] = []) => overviewOf(specs, 'pack', waivers, now);

describe('the standing of specs', () => {
  test('is that of the verdict where it is fresh, and no more than stale where it is not', () => {
    const all = [
      spec('1'),
      spec('2', { verdict: 'non_compliant' }),
      spec('3', { verdict: 'compliant_with_waivers' }),
      spec('4', { packHash: 'before', contentHash: 'before' }),
      { ...spec('5'), report: null },
    ];
    expect(standing(all)).toMatchObject({
      ...{ specs: 5, none: 1, stale: 1, compliant: 1, compliantWithWaivers: 1, nonCompliant: 1 },
      why: [
        { code: 'content_changed', specs: 1 },
        { code: 'rules_changed', specs: 1 },
      ],
    });
  });

  test('goes with the waivers in force, unless somebody approved one for what they wrote', () => {
    const waived = spec('1', { verdict: 'compliant_with_waivers', waiverIds: ['w'] });
    expect(standing([waived], [waiver()])).toMatchObject({ compliantWithWaivers: 1 });
    for (const waivers of [[], [waiver({ specId: 'other' })], [waiver({ approvedBy: 'ann' })]]) {
      expect(standing([waived], waivers)).toMatchObject({ stale: 1, why: [{ code: 'waiver_ended' }] });
    }
  });

  test('is counted by template, and by the age of the last report', () => {
    const other = { ...subject, template: { key: 'rfc', version: 2 } };
    const aged = [0.5, 1, 6.9, 7, 29, 30, 90, 400].map((days, at) => spec(String(at), { issuedAt: daysAgo(days) }));
    const { templates, ages } = standing([...aged, { specId: 'x', subject: other, report: null }]);
    expect(templates.map(({ template, specs, none }) => [template, specs, none])).toEqual([
      ['rfc', 1, 1],
      ['spec', 8, 0],
    ]);
    expect(ages.map(({ olderThanDays, specs }) => [olderThanDays, specs])).toEqual([
      [0, 1],
      [1, 2],
      [7, 2],
      [30, 1],
      [90, 2],
    ]);
  });
});
