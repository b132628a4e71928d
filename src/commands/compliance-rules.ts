import { hash } from 'node:crypto';

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

export const severities = ['blocking', 'advisory'] as const;
export type Severity = (typeof severities)[number];

export const evaluatorKinds = ['deterministic', 'typed_elements', 'attestation'] as const;
export type EvaluatorKind = (typeof evaluatorKinds)[number];

export const ruleModes = ['enforced', 'shadow'] as const;
export type RuleMode = (typeof ruleModes)[number];

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

/** A rule as a pack has it: in the words of a rule file, or in its own. */
export type PackRule = {
  /** Unique in its pack. */
  key: string;
  source: { path: string; statementId: string } | null;
  /** Null where the source has the words. */
  statement: string | null;
  severity: Severity;
  evaluator: EvaluatorKind;
  check: CheckName | null;
  applies: Applicability;
  /** The key of the group that answers for it. */
  owner: string | null;
  recommendation: string | null;
  mode: RuleMode;
  /** In percent: where more of its findings are marked wrong, the rule is advisory until it is looked at. */
  wrongAtMost: number;
};

/** What a version of a pack says. `allowedIds` are commands and events that may break the naming rules. */
export type PackContent = { title: string; rules: readonly PackRule[]; allowedIds: readonly string[] };

/** A pack's rule by its whole name: what reports, attestations and waivers call it. */
export const ruleIdOf = (packKey: string, ruleKey: string): string => `${packKey}.${ruleKey}`;

/** Where a rule says nothing else. In percent. */
export const defaultWrongAtMost = 10;

/** The key of the pack with the template's own rules, which nobody publishes. */
export const builtInPackKey = 'template';

/** SHA-256, hex, over what a pack says. */
export const packContentHash = (packKey: string, { title, rules, allowedIds }: PackContent): string =>
  hash('sha256', JSON.stringify([packKey, title, rules.map(ruleInOrder), allowedIds]));

const ruleInOrder = (rule: PackRule): unknown[] => [
  rule.key,
  rule.source && [rule.source.path, rule.source.statementId],
  ...[rule.statement, rule.severity, rule.evaluator, rule.check],
  ...[rule.applies.templates, rule.applies.labels, rule.applies.sections, rule.applies.paths, rule.applies.touches],
  ...[rule.owner, rule.recommendation, rule.mode, rule.wrongAtMost],
];
