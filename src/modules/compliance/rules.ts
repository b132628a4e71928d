import type { EvaluatorKind, RuleMode, RuleOrigin, Severity } from './evaluation.view.js';

/** What the engine can decide by itself. `consistency.*` are joins over typed elements, the rest facts of the text. */
export const checkNames = [
  'sections.required',
  'sections.filled',
  'sections.ordered',
  'headings.levels',
  'risks.complete',
  'risks.categories',
  'commands.named',
  'events.named',
  'changelog.dated',
  'changelog.current',
  'links.resolve',
  'relations.resolve',
  'report.structure',
  'report.sources',
  'report.agrees',
  'report.current',
  'report.covers',
  'consistency.models_contracts',
  'consistency.contracts_ui',
  'consistency.risks_writes',
  'consistency.commands_mutations',
  'consistency.cache_reads',
] as const;
export type CheckName = (typeof checkNames)[number];

export const touchables = ['commands', 'events', 'routes', 'data_models', 'risks', 'ui', 'cache'] as const;
export type Touchable = (typeof touchables)[number];

/**
 * Which specs a rule is about: every list that is not empty must have one that fits. `templates` and `labels` by
 * name, `sections` by key, `paths` as globs (`*`, `**`, `?`) over the files of the manifest and paths cited as code,
 * `touches` by what kinds of elements the spec has.
 */
export type Applicability = {
  templates: readonly string[];
  labels: readonly string[];
  sections: readonly string[];
  paths: readonly string[];
  touches: readonly Touchable[];
};

/** A rule of a pack as the engine sees it. An attestation rule has no check; `source` is null for the template's own. */
export type Rule = {
  ruleId: string;
  pack: string;
  statement: string;
  severity: Severity;
  evaluator: EvaluatorKind;
  check: CheckName | null;
  source: RuleOrigin | null;
  owner: string | null;
  applies: Applicability;
  recommendation: string;
  mode: RuleMode;
};

export const everywhere: Applicability = { templates: [], labels: [], sections: [], paths: [], touches: [] };
