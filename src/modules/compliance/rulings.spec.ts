import { describe, expect, test } from 'vitest';
import { inputOf, judged, rowsOf, sourceRule } from '../../../test/support/compliance.js';
import { gappedSpec, lendingSpec } from '../../../test/support/lending-spec.js';
import { DocumentReading } from './document-reading.js';
import { linkableElements } from './element-hashes.js';
import { evaluate } from './evaluation.js';
import type { Attestation, ConfirmedLink, LinkKind, Waiver } from './evaluation-input.js';
import type { ElementRef } from './evaluation.view.js';

const { route: extend, markdown: gapped } = gappedSpec;
const commands = 'template.consistency.commands_mutations';

const elementOf = (markdown: string, kind: ElementRef['kind'], key: string): ElementRef => {
  const found = linkableElements(new DocumentReading(inputOf(markdown).spec)).find(
    (one) => one.kind === kind && one.key === key,
  );
  if (!found) throw new Error(`There is no ${kind} ${key}`);
  return found;
};

const link = (
  from: ElementRef,
  to: ElementRef | null,
  kind: LinkKind,
  reason: string | null = null,
): ConfirmedLink => ({
  ...{ linkId: 'a', kind, from, to, reason, confirmedBy: 'somebody', at: '2026-11-23T00:00:00Z' },
});

const waiver = (more: Partial<Waiver> = {}): Waiver => ({
  ...{ waiverId: 'w', ruleId: commands, specId: null, owner: 'team-shelf', compensatingControl: 'Staff look at each' },
  ...{ expiresAt: '2026-12-01T00:00:00Z', approvedBy: 'a-reviewer', ...more },
});

const attestation = (contentHash: string, more: Partial<Attestation> = {}): Attestation => ({
  ...{
    ruleId: 'house.scope',
    position: 'compliant',
    reasonCode: null,
    sentence: 'Each of them does.',
    by: 'a-reviewer',
  },
  ...{ contentHash, at: '2026-11-23T00:00:00Z', ...more },
});

describe('Links that somebody confirmed', () => {
  const from = elementOf(gapped, 'route', extend);
  const to = elementOf(gapped, 'command', 'lending.loan.create');

  test('carry a route that its text does not link', () => {
    expect(judged(inputOf(gapped), commands).outcome).toBe('not_linked');
    expect(judged(inputOf(gapped, { links: [link(from, to, 'route_command')] }), commands).outcome).toBe('compliant');
    expect(judged(inputOf(gapped, { links: [link(from, to, 'risk_route')] }), commands).outcome).toBe('not_linked');
  });
  test('survive edits elsewhere, and are suspect when either end changes', () => {
    const links = [link(from, to, 'route_command')];
    const elsewhere = gapped.replace('has the drill', 'has the saw').replace('## TLDR\n', '## TLDR\nTools.\n\n');
    expect(judged(inputOf(elsewhere, { links }), commands).outcome).toBe('compliant');
    const [one, other] = [
      gapped.replace(extend, `${extend}?days=7`),
      gapped.replaceAll('lending.loan.create', 'lending.loan.open'),
    ];
    for (const changed of [one, other]) {
      const row = judged(inputOf(changed, { links }), commands);
      expect(row.outcome).toBe('not_linked');
      expect(row.findings.some(({ message }) => message.includes('is suspect'))).toBe(true);
    }
  });
  test('extend something that exists only with a reason', () => {
    const reasoned = (reason: string | null) =>
      judged(inputOf(gapped, { links: [link(from, null, 'extension', reason)] }), commands).outcome;
    expect(reasoned('The route has been there since 2024.')).toBe('compliant');
    expect(reasoned(null)).toBe('not_linked');
    expect(reasoned('  ')).toBe('not_linked');
  });
});

describe('A waiver', () => {
  test('carries the verdict until it runs out', () => {
    const carried = evaluate(inputOf(gapped, { waivers: [waiver()] }));
    expect(carried.verdict).toBe('compliant_with_waivers');
    const row = rowsOf(carried).find(({ ruleId }) => ruleId === commands);
    expect(row).toMatchObject({
      outcome: 'waived',
      blocks: false,
      finding: { outcome: 'not_linked' },
      ruling: { kind: 'waiver' },
    });
    expect(evaluate(inputOf(gapped, { waivers: [waiver({ expiresAt: '2026-11-23T12:00:00Z' })] })).verdict).toBe(
      'non_compliant',
    );
  });
  test('counts for its rule and its spec only', () => {
    expect(evaluate(inputOf(gapped, { waivers: [waiver({ ruleId: 'template.risks.complete' })] })).verdict).toBe(
      'non_compliant',
    );
    expect(evaluate(inputOf(gapped, { waivers: [waiver({ specId: 'another' })] })).verdict).toBe('non_compliant');
  });
  test('of a rule that is met says nothing', () => {
    expect(evaluate(inputOf(lendingSpec(), { waivers: [waiver()] })).verdict).toBe('compliant');
  });
});

describe('A rule that only judgement can decide', () => {
  const rules = [...inputOf('').rules, sourceRule()];
  const input = inputOf(lendingSpec(), { rules });

  test('blocks until it is attested on exactly this content', () => {
    expect(evaluate(input).verdict).toBe('non_compliant');
    expect(judged(input, 'house.scope').outcome).toBe('needs_attestation');
    const attested = { ...input, attestations: [attestation(input.spec.contentHash)] };
    expect(evaluate(attested).verdict).toBe('compliant');
    expect(judged(attested, 'house.scope').ruling).toMatchObject({ kind: 'attestation', position: 'compliant' });
    expect(evaluate({ ...input, attestations: [attestation('another')] }).verdict).toBe('non_compliant');
  });
  test('is as it was attested last', () => {
    const first = attestation(input.spec.contentHash);
    const last = attestation(input.spec.contentHash, { position: 'non_compliant' });
    expect(judged({ ...input, attestations: [first, last] }, 'house.scope').outcome).toBe('non_compliant');
    const not = attestation(input.spec.contentHash, { position: 'not_applicable', reasonCode: 'no_persistence' });
    expect(judged({ ...input, attestations: [last, not] }, 'house.scope').outcome).toBe('not_applicable');
  });
  test('is not decided where it only advises, or runs in shadow', () => {
    for (const more of [{ severity: 'advisory' }, { mode: 'shadow' }] as const) {
      const advised = { ...input, rules: [...inputOf('').rules, sourceRule(more)] };
      expect(evaluate(advised).verdict).toBe('compliant');
      expect(judged(advised, 'house.scope').outcome).toBe('needs_attestation');
    }
  });
});

describe('An attestation of something that the engine decides', () => {
  test('changes nothing', () => {
    const input = inputOf(gapped);
    const attestations = [attestation(input.spec.contentHash, { ruleId: commands })];
    expect(judged({ ...input, attestations }, commands)).toMatchObject({ outcome: 'not_linked', ruling: null });
  });
});
