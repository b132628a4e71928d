import type { Applicability, CheckName, EvaluatorKind, RuleMode, Severity } from '../../commands/compliance-rules.js';
import type { RuleOrigin } from './evaluation.view.js';

export { checkNames, touchables } from '../../commands/compliance-rules.js';
export type { Applicability, CheckName, Touchable } from '../../commands/compliance-rules.js';

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
