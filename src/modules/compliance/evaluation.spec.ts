import { describe, expect, test } from 'vitest';
import { inputOf, rowsOf } from '../../../test/support/compliance.js';
import { lendingSpec } from '../../../test/support/lending-spec.js';
import { DocumentReading } from './document-reading.js';
import { linkableElements } from './element-hashes.js';
import { evaluate } from './evaluation.js';
import type { Attestation, ConfirmedLink, EvaluationInput, LinkKind, Waiver } from './evaluation-input.js';
import type { ElementRef, ReportRow } from './evaluation.view.js';
import { everywhere } from './rules.js';
import type { Rule } from './rules.js';
import { sha256 } from './section-reading.js';

const extend = 'POST /api/lending/loans/{id}/extend';
/** A specification with one route that has no command. */
const gapped = lendingSpec().replace('- `POST /api/lending/loans`', `- \`${extend}\`\n- \`POST /api/lending/loans\``);
const commands = 'template.consistency.commands_mutations';

const judged = (input: EvaluationInput, ruleId: string): ReportRow => {
  const row = rowsOf(evaluate(input)).find((one) => one.ruleId === ruleId);
  if (!row) throw new Error(`There is no row for ${ruleId}`);
  return row;
};

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

const sourceRule = (more: Partial<Rule> = {}): Rule => ({
  ...{
    ruleId: 'house.scope',
    pack: 'house',
    statement: 'Every query MUST filter by organization_id',
    severity: 'blocking',
  },
  ...{
    evaluator: 'attestation',
    check: null,
    owner: null,
    applies: everywhere,
    recommendation: 'Filter.',
    mode: 'enforced',
  },
  source: { path: 'AGENTS.md', anchor: 'data', revision: null, blobHash: 'b' },
  ...more,
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

describe("The author's claim", () => {
  test('stands beside the finding, and a claim that the finding contradicts is marked', () => {
    expect(judged(inputOf(gapped), commands)).toMatchObject({
      claim: { status: 'Pass', notes: 'Four' },
      contradicted: true,
    });
    expect(judged(inputOf(lendingSpec()), commands)).toMatchObject({ claim: { status: 'Pass' }, contradicted: false });
  });
  test('is found by the source of the rule and its words, and asked for where a rule of a source applies', () => {
    const rules = [
      ...inputOf('').rules,
      sourceRule(),
      sourceRule({ ruleId: 'house.undo', statement: 'Deletions MUST be undoable for a month' }),
    ];
    const input = inputOf(lendingSpec(), { rules });
    expect(judged(input, 'house.scope').claim).toEqual({ status: 'Compliant', notes: 'Every query' });
    expect(judged(input, 'house.undo').claim).toBeNull();
    const covers = judged(input, 'template.report.covers');
    expect(covers.findings.map(({ elements }) => elements[0]?.key)).toEqual(['house.undo']);
  });
});

describe('A rule applies', () => {
  const outcome = (applies: Partial<Rule['applies']>, markdown = lendingSpec()): string =>
    judged(inputOf(markdown, { rules: [sourceRule({ applies: { ...everywhere, ...applies } })] }), 'house.scope')
      .outcome;

  test.each([
    ['its template', { templates: ['spec', 'rfc'] }, { templates: ['rfc'] }],
    ['its sections', { sections: ['ui-ux'] }, { sections: ['configuration'] }],
    ['what the spec touches', { touches: ['cache', 'ui'] }, { touches: [] as never[], sections: ['none'] }],
    ['all of them', { templates: ['spec'], sections: ['ui-ux'] }, { templates: ['spec'], sections: ['none'] }],
  ] as const)('by %s', (_what, fitting, other) => {
    expect(outcome(fitting)).toBe('needs_attestation');
    expect(outcome(other)).toBe('not_applicable');
  });
  test('by paths that the spec names as code', () => {
    const naming = lendingSpec().replace('## TLDR\n', '## TLDR\nIt changes `packages/core/src/shelf.ts`.\n');
    expect(outcome({ paths: ['packages/core/**'] }, naming)).toBe('needs_attestation');
    expect(outcome({ paths: ['packages/ui/**'] }, naming)).toBe('not_applicable');
  });
});

describe('Evidence', () => {
  test('is the text of the document, byte by byte', () => {
    const markdown = lendingSpec()
      .replace('## TLDR\n', '## TLDR\nŁóżko, 🛠️.\n')
      .replace('lending.tool.created', 'lending.tool.rename');
    const [finding] = judged(inputOf(markdown), 'template.events.named').findings;
    const evidence = finding?.evidence[0];
    const bytes = Buffer.from(markdown).subarray(evidence?.start, evidence?.end).toString();
    expect(bytes).toBe('`lending.tool.rename`');
    expect(evidence).toMatchObject({ sectionKey: 'architecture', excerpt: bytes });
    expect(markdown.split('\n')[(evidence?.line ?? 0) - 1]).toContain(bytes);
  });
});

describe('A row that is met', () => {
  test('quotes what was looked at', () => {
    const bytes = Buffer.from(lendingSpec());
    const met = rowsOf(evaluate(inputOf(lendingSpec()))).filter(({ outcome }) => outcome === 'compliant');
    expect(met).toHaveLength(19);
    for (const { ruleId, finding } of met) {
      expect(finding.evidence, ruleId).not.toEqual([]);
      for (const { start, end, hash } of finding.evidence)
        expect(sha256(bytes.subarray(start, end)), ruleId).toBe(hash);
    }
  });
});

describe('What changed since', () => {
  const changed = (lastContentChangeAt: string) => {
    const input = inputOf(lendingSpec());
    return { ...input, spec: { ...input.spec, lastContentChangeAt: new Date(lastContentChangeAt) } };
  };
  test('makes changelog and report old, once no calendar on Earth shows their date any more', () => {
    expect(evaluate(changed('2026-11-21T11:59:59Z')).verdict).toBe('compliant');
    const late = changed('2026-11-21T12:00:00Z');
    expect(judged(late, 'template.changelog.current').outcome).toBe('non_compliant');
    expect(judged(late, 'template.report.current').outcome).toBe('non_compliant');
  });
});

describe('Sections and names that are told apart', () => {
  test('a section that was marked as not applicable is there and need not be filled', () => {
    const input = inputOf(lendingSpec().replace(/(## Data Models\n)[^]*?\n(?=## API)/, '$1\n'));
    expect(judged(input, 'template.sections.filled').outcome).toBe('non_compliant');
    const sections = input.spec.sections.map((one) =>
      one.key === 'data-models' ? { ...one, notApplicable: 'Nothing is kept.' } : one,
    );
    expect(judged({ ...input, spec: { ...input.spec, sections } }, 'template.sections.filled').outcome).toBe(
      'compliant',
    );
  });
  test('ids that exist already may keep their names', () => {
    const markdown = lendingSpec().replace('lending.tool.create`', 'lending.tools.create`');
    expect(judged(inputOf(markdown), 'template.commands.named').outcome).toBe('non_compliant');
    expect(judged(inputOf(markdown, { allowedIds: ['lending.tools.create'] }), 'template.commands.named').outcome).toBe(
      'compliant',
    );
  });
  test('relations lead to specs that exist', () => {
    const input = inputOf(lendingSpec());
    const spec = { ...input.spec, relations: [{ type: 'depends_on', specId: 's1' }] };
    const relatedSpecs = [{ specId: 's1', exists: true }];
    expect(judged({ ...input, spec, relatedSpecs }, 'template.relations.resolve').outcome).toBe('compliant');
    expect(judged({ ...input, spec }, 'template.relations.resolve').outcome).toBe('non_compliant');
  });
});
