import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { builtInRules } from '../../src/modules/compliance/built-in-pack.js';
import type { EvaluationInput } from '../../src/modules/compliance/evaluation-input.js';
import type { Evaluation, ReportRow } from '../../src/modules/compliance/evaluation.view.js';
import { evaluatedText } from '../../src/modules/compliance/text-input.js';
import { builtInTemplate } from '../../src/modules/templates/built-in-templates.js';
import { evaluate } from '../../src/modules/compliance/evaluation.js';
import { everywhere } from '../../src/modules/compliance/rules.js';
import type { Rule } from '../../src/modules/compliance/rules.js';
import { corpusFiles } from './corpus.js';

/** The built-in template as the engine takes it. */
export const template = { key: builtInTemplate.key, sections: builtInTemplate.document.sections };

export const templateMarkdown = builtInTemplate.markdown;

/** A text judged by the template's own rules, with nothing confirmed, attested or waived. */
export const inputOf = (markdown: string, more: Partial<EvaluationInput> = {}): EvaluationInput => ({
  spec: evaluatedText(markdown, template),
  template,
  rules: builtInRules,
  packHash: 'pack',
  sources: [{ path: 'AGENTS.md' }],
  links: [],
  attestations: [],
  waivers: [],
  allowedIds: [],
  relatedSpecs: [],
  files: null,
  now: new Date('2026-11-23T12:00:00Z'),
  ...more,
});

/** The specs of the corpus, each judged among the files and the rule sources of its repository. */
export function corpusInputs(): { path: string; input: EvaluationInput }[] {
  const specs = corpusFiles();
  const sources = ruleSourcePaths().map((path) => ({ path }));
  const known = new Set([...specs, ...sources].map(({ path }) => path));
  return specs.map(({ path, bytes }) => ({
    path,
    input: inputOf(bytes.toString(), { sources, files: { path, root: '.ai/specs', known } }),
  }));
}

function ruleSourcePaths(): string[] {
  const folder = resolve(process.env.CORPUS_DIR ?? '../shared/corpus');
  const manifest = JSON.parse(readFileSync(join(folder, 'agents', 'manifest.json'), 'utf8')) as { path: string }[];
  return manifest.map(({ path }) => path);
}

export const rowsOf = ({ rows, consistency }: Evaluation): ReportRow[] => [...rows, ...consistency];

/** The row of one rule. */
export const judged = (input: EvaluationInput, ruleId: string): ReportRow => {
  const row = rowsOf(evaluate(input)).find((one) => one.ruleId === ruleId);
  if (!row) throw new Error(`There is no row for ${ruleId}`);
  return row;
};

/** A rule of a rule file that only judgement can decide. */
export const sourceRule = (more: Partial<Rule> = {}): Rule => ({
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
