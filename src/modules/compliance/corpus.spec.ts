import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { corpusInputs, rowsOf } from '../../../test/support/compliance.js';
import { corpusMissing } from '../../../test/support/corpus.js';
import { builtInRules } from './built-in-pack.js';
import { DocumentReading } from './document-reading.js';
import { evaluate } from './evaluation.js';
import type { EvaluationInput } from './evaluation-input.js';
import type { Evaluation } from './evaluation.view.js';
import { ruleOutcomes } from './evaluation.view.js';
import { riskKey } from './risk-checks.js';

const folder = new URL('../../../test/compliance/', import.meta.url);

type Labelled = { file: string; expected: Record<string, string[]> };

const labelled = readdirSync(new URL('expected/', folder))
  .sort()
  .map((name) => JSON.parse(readFileSync(new URL(`expected/${name}`, folder), 'utf8')) as Labelled);

/** What was found, by rule: elements by key; risks by their place, because their titles are text of the corpus. */
function foundIn(input: EvaluationInput, evaluation: Evaluation): Map<string, string[]> {
  const places = new Map(
    new DocumentReading(input.spec).risks.map((risk, index) => [riskKey(risk, index), `risk ${index + 1}`]),
  );
  return new Map(
    rowsOf(evaluation).map(({ ruleId, findings }) => [
      ruleId,
      [
        ...new Set(
          findings.map(
            ({ elements: [element] }) => (element?.kind === 'risk' ? places.get(element.key) : element?.key) ?? '',
          ),
        ),
      ],
    ]),
  );
}

describe.skipIf(corpusMissing)('The engine on real specifications', () => {
  const inputs = new Map(corpusInputs().map(({ path, input }) => [path, input]));

  test('finds what a reader wrote down before, and the blocking rules find little else', async () => {
    const measured = builtInRules.map(({ ruleId, severity }) => ({
      ...{ ruleId, severity, right: 0, wrong: [] as string[], missed: [] as string[] },
    }));
    for (const { file, expected } of labelled) {
      const input = inputs.get(file);
      if (!input) throw new Error(`The corpus has no ${file}`);
      const found = foundIn(input, evaluate(input));
      for (const rule of measured) {
        const [right, given] = [expected[rule.ruleId] ?? [], found.get(rule.ruleId) ?? []];
        rule.right += given.filter((key) => right.includes(key)).length;
        rule.wrong.push(...given.filter((key) => !right.includes(key)).map((key) => `${file}: ${key}`));
        rule.missed.push(...right.filter((key) => !given.includes(key)).map((key) => `${file}: ${key}`));
      }
    }
    await expect(`${JSON.stringify(measured, null, 2)}\n`).toMatchFileSnapshot(
      new URL('measured.json', folder).pathname,
    );
    const imprecise = measured
      .filter(({ severity }) => severity === 'blocking')
      .filter(({ right, wrong }) => right / Math.max(1, right + wrong.length) < 0.95 && right + wrong.length > 0)
      .map(({ ruleId }) => ruleId);
    expect(imprecise).toEqual([]);
    const told = readFileSync(new URL('../../../docs/compliance.md', import.meta.url), 'utf8');
    for (const { ruleId, right, wrong, missed } of measured) {
      if (right + wrong.length + missed.length === 0) continue;
      const cells = [`\`${ruleId.slice('template.'.length)}\``, right, wrong.length, missed.length];
      expect(told.replace(/ +/g, ' '), ruleId).toContain(`| ${cells.join(' | ')} |`);
    }
  }, 120_000);

  test('says of each rule what the reviewed snapshot says', async () => {
    const counts = builtInRules.map(({ ruleId }) => {
      const counted: Record<string, number> = Object.fromEntries(ruleOutcomes.map((outcome) => [outcome, 0]));
      return { ruleId, counted };
    });
    const files: Record<string, Record<string, number>> = {};
    for (const [path, input] of inputs) {
      const rows = rowsOf(evaluate(input));
      files[path] = {};
      for (const [index, { ruleId, outcome, contradicted, findings }] of rows.entries()) {
        const counted = counts[index]?.counted ?? {};
        counted[outcome] = (counted[outcome] ?? 0) + 1;
        counted.findings = (counted.findings ?? 0) + findings.length;
        counted.contradicted = (counted.contradicted ?? 0) + Number(contradicted);
        if (findings.length > 0) files[path][ruleId.slice('template.'.length)] = findings.length;
      }
    }
    const rules = counts.map(({ ruleId, counted }) => ({ ruleId, ...counted }));
    await expect(`${JSON.stringify({ rules, files }, null, 2)}\n`).toMatchFileSnapshot(
      new URL('corpus-results.json', folder).pathname,
    );
  }, 300_000);
});
