import type { PackContent, PackRule } from '../../commands/compliance-rules.js';
import { builtInPackKey, defaultWrongAtMost } from '../../commands/compliance-rules.js';
import type { FieldProblem } from '../../commands/refusals.js';
import { Refusal } from '../../commands/refusals.js';
import type { PackRuleField, PublishRulePack } from '../../commands/rule-pack.commands.js';

/** What the rules of a pack must know from outside: the statements that rule files in force have, by path. */
export type RulePackFacts = { statements: ReadonlyMap<string, ReadonlySet<string>> };

/** What a pack says, in full: what a command leaves out is as the command's documentation says. */
export const contentOf = ({ title, rules, allowedIds = [] }: PublishRulePack): PackContent => {
  return { title, rules: rules.map(ruleOf), allowedIds: [...new Set(allowedIds)].sort() };
};

function ruleOf({
  key,
  source,
  statement,
  severity,
  evaluator,
  check,
  applies = {},
  ...rule
}: PackRuleField): PackRule {
  const { templates = [], labels = [], sections = [], paths = [], touches = [] } = applies;
  return {
    key,
    source: source ? { path: source.path, statementId: source.statementId } : null,
    statement: statement ?? null,
    ...{ severity, evaluator, check: check ?? null },
    applies: { templates, labels, sections, paths, touches },
    owner: rule.owner ?? null,
    recommendation: rule.recommendation ?? null,
    mode: rule.mode ?? 'enforced',
    wrongAtMost: rule.wrongAtMost ?? defaultWrongAtMost,
  };
}

/**
 * @throws Refusal `validation_failed`: a key that is there twice, a rule without words or with two, a check that does
 * not go with its evaluator, a statement that no rule file in force has; the key of the built-in pack
 */
export function mustMakeSense(packKey: string, { rules }: PackContent, facts: RulePackFacts): void {
  if (packKey === builtInPackKey) {
    throw new Refusal('validation_failed', 'The key is the one of the built-in pack: take another one.');
  }
  const keys = rules.map(({ key }) => key);
  const errors = rules.flatMap((rule, index): FieldProblem[] => {
    const at = (pointer: string, code: string, message: string) => [
      { pointer: `/rules/${index}${pointer}`, code, message },
    ];
    const { key, source, statement, check } = rule;
    if (keys.indexOf(key) < index) return at('/key', 'unique', `${key} is there twice`);
    if ((source === null) === (statement === null)) {
      return at('/statement', 'words', `${key} takes its words from a source or has its own: one of both`);
    }
    if (source && !facts.statements.get(source.path)?.has(source.statementId)) {
      return at(
        '/source',
        'statement',
        `no rule file in force has the statement ${source.statementId} of ${source.path}`,
      );
    }
    if (evaluatorOf(rule) === rule.evaluator) return [];
    const message = check === null ? `${key} needs a check, or an attestation` : `${check} is ${evaluatorOf(rule)}`;
    return at('/check', 'evaluator', message);
  });
  if (errors.length > 0)
    throw new Refusal(
      'validation_failed',
      errors
        .map(({ message }) => message)
        .join('; ')
        .slice(0, 1000),
      { errors },
    );
}

/** What a check is decided by. */
function evaluatorOf({ check }: PackRule): PackRule['evaluator'] {
  if (check === null) return 'attestation';
  return check.startsWith('consistency.') ? 'typed_elements' : 'deterministic';
}
