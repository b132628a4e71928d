import { hash } from 'node:crypto';
import type { PackRule, Severity } from '../../commands/compliance-rules.js';
import { ruleIdOf } from '../../commands/compliance-rules.js';
import type { SourceStatement } from '../../events/rule-source.events.js';
import { builtInRules } from './built-in-pack.js';
import type { GoneStatement } from './rule-source.decider.js';
import type { Rule } from './rules.js';

/** A rule file as it stands; a retired one has the statements that it had. */
export type KnownSource = {
  path: string;
  revision: string | null;
  blobHash: string;
  statements: readonly SourceStatement[];
  gone: readonly GoneStatement[];
  retiredAt: string | null;
};
/** A pack in force. */
export type KnownPack = { packKey: string; rules: readonly PackRule[]; allowedIds: readonly string[] };

/** A rule with what its pack and its source say of it besides. */
export type StandingRule = Rule & {
  /** What the pack says; `severity` is what it counts as while it is doubted. */
  statedSeverity: Severity;
  statementId: string | null;
  /** Whether the source has the statement no more: the rule stays in its last words until its pack is published without. */
  isGone: boolean;
  wrongAtMost: number;
};

const noStatement = 'The rule file has this statement no more.';
const attest = 'Attest whether the spec keeps the rule, and say why.';

/** The rules of the packs in their order, in the words that their sources have now. */
export function resolveRules(packs: readonly KnownPack[], sources: readonly KnownSource[]): StandingRule[] {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  return packs.flatMap(({ packKey, rules }) => rules.map((rule) => resolved(packKey, rule, byPath)));
}

function resolved(packKey: string, rule: PackRule, sources: ReadonlyMap<string, KnownSource>): StandingRule {
  const { key, severity, evaluator, check, owner, applies, mode, wrongAtMost } = rule;
  const { statement, source, statementId, isGone } = wordsOf(rule, sources);
  const recommendation = rule.recommendation ?? recommendations.get(check ?? '') ?? attest;
  return {
    ruleId: ruleIdOf(packKey, key),
    pack: packKey,
    ...{ statement, severity, evaluator, check, source, owner, applies, recommendation, mode },
    ...{ statedSeverity: severity, statementId, isGone, wrongAtMost },
  };
}

const recommendations = new Map<string, string>(builtInRules.map((rule) => [rule.check ?? '', rule.recommendation]));

function wordsOf(
  rule: PackRule,
  sources: ReadonlyMap<string, KnownSource>,
): Pick<StandingRule, 'statement' | 'source' | 'statementId' | 'isGone'> {
  if (!rule.source) return { statement: rule.statement ?? '', source: null, statementId: null, isGone: false };
  const { path, statementId } = rule.source;
  const known = sources.get(path);
  const is = (one: SourceStatement) => one.statementId === statementId;
  const present = known?.statements.find(is);
  const gone = present ? undefined : known?.gone.find(is);
  const at = gone ?? known;
  return {
    statement: (present ?? gone)?.text ?? rule.statement ?? noStatement,
    source: {
      path,
      anchor: (present ?? gone)?.anchor ?? '',
      revision: at?.revision ?? null,
      blobHash: at?.blobHash ?? '',
    },
    statementId,
    isGone: present === undefined || known?.retiredAt !== null,
  };
}

/**
 * SHA-256, hex, over all that a verdict depends on besides the spec: what each rule says and how it is judged, the rule
 * files that exist, the ids that are allowed. An edit of a rule file that leaves the rules as they are does not show.
 */
export const packHashOf = (
  rules: readonly Rule[],
  sources: readonly { path: string }[],
  allowedIds: readonly string[],
): string => hash('sha256', JSON.stringify([rules.map(said), sources.map(({ path }) => path).sort(), allowedIds]));

const said = ({ source, applies, ...rule }: Rule): unknown[] => [
  ...[rule.ruleId, rule.statement, rule.severity, rule.evaluator, rule.check, source?.path, rule.recommendation],
  ...[rule.mode, applies.templates, applies.labels, applies.sections, applies.paths, applies.touches],
];
