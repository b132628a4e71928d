import { describe, expect, test } from 'vitest';
import { inputOf, judged, rowsOf, sourceRule } from '../../../test/support/compliance.js';
import { gappedSpec, lendingSpec } from '../../../test/support/lending-spec.js';
import { evaluate } from './evaluation.js';
import { everywhere } from './rules.js';
import type { Rule } from './rules.js';
import { sha256 } from './section-reading.js';

const { markdown: gapped } = gappedSpec;
const commands = 'template.consistency.commands_mutations';

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
    const wordy =
      'Prefix messages that filter noise by organization_id when logs, alerts, traces or boards show them to people';
    const other = sourceRule({ ruleId: 'house.noise', statement: wordy });
    expect(judged({ ...input, rules: [...rules, other] }, 'house.noise').claim).toBeNull();
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

describe('evidence', () => {
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
