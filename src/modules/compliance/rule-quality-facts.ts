import { Injectable } from '@nestjs/common';
import { Refusal } from '../../commands/refusals.js';
import type { RuleQualityCommand } from '../../commands/rule-quality.commands.js';
import { MarkFinding } from '../../commands/rule-quality.commands.js';
import type { FactsSource } from '../event-store/facts-source.js';
import { ReviewRulesQueries } from '../organizations/review-rules.queries.js';
import { ComplianceReportQueries } from './compliance-report.queries.js';
import { RulesQueries } from './compliance-rules.queries.js';
import type { MarkFacts } from './rule-quality.decider.js';
import { rulerOf } from './ruling-rules.decider.js';
import { SpecEvaluator } from './spec-evaluator.js';
import { isGap } from './rule-quality.js';

/** What marks must know from outside: the rules in force, and what the last report of the spec finds by this one. */
@Injectable()
export class RuleQualityFacts implements FactsSource {
  constructor(
    private readonly rules: RulesQueries,
    private readonly reports: ComplianceReportQueries,
    private readonly reviewRules: ReviewRulesQueries,
    private readonly evaluator: SpecEvaluator,
  ) {}

  async gather(command: RuleQualityCommand): Promise<MarkFacts> {
    const { organizationId } = command.caller;
    const { rules } = await this.rules.forOrganization(organizationId);
    const isRule = rules.some(({ ruleId }) => ruleId === command.ruleKey);
    const reported = command instanceof MarkFinding ? await this.reported(organizationId, command) : null;
    const counts = reported !== null && command instanceof MarkFinding && (await this.counts(command));
    return { isRule, counts, reported };
  }

  /** An author does not talk a rule out of force that keeps their own spec from being approved. */
  private async counts({ caller, specId }: MarkFinding): Promise<boolean> {
    const { organizationId, actor, keyId } = caller;
    const [{ subject }, belonging] = await Promise.all([
      this.evaluator.subject(organizationId, specId),
      this.reviewRules.load(organizationId),
    ]);
    const { isHuman, belongs, hands } = rulerOf(actor, keyId, belonging);
    return isHuman && belongs && !hands.some((id) => subject.writers.includes(id));
  }

  private async reported(organizationId: string, { specId, ruleKey }: MarkFinding): Promise<MarkFacts['reported']> {
    const latest = await this.reports.report(organizationId, specId).catch((error: unknown) => {
      if (error instanceof Refusal && error.code === 'not_found') return null;
      throw error;
    });
    if (!latest) return null;
    const { reportId, rows, consistency } = latest.report;
    const row = [...rows, ...consistency].find(({ ruleId }) => ruleId === ruleKey);
    const elements = (row?.findings ?? []).flatMap((finding) => finding.elements[0]?.key ?? []);
    return { reportId, isFinding: row !== undefined && isGap(row.finding.outcome), elements: new Set(elements) };
  }
}
