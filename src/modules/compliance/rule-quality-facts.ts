import { Injectable } from '@nestjs/common';
import { Refusal } from '../../commands/refusals.js';
import type { RuleQualityCommand } from '../../commands/rule-quality.commands.js';
import { MarkFinding } from '../../commands/rule-quality.commands.js';
import type { FactsSource } from '../event-store/decider-handler.js';
import { ComplianceReportQueries } from './compliance-report.queries.js';
import { RulesQueries } from './compliance-rules.queries.js';
import type { MarkFacts } from './rule-quality.decider.js';
import { isGap } from './rule-quality.js';

/** What marks must know from outside: the rules in force, and what the last report of the spec finds by this one. */
@Injectable()
export class RuleQualityFacts implements FactsSource {
  constructor(
    private readonly rules: RulesQueries,
    private readonly reports: ComplianceReportQueries,
  ) {}

  async gather(command: RuleQualityCommand): Promise<MarkFacts> {
    const { organizationId } = command.caller;
    const { rules } = await this.rules.forOrganization(organizationId);
    const isRule = rules.some(({ ruleId }) => ruleId === command.ruleKey);
    const reported = command instanceof MarkFinding ? await this.reported(organizationId, command) : null;
    return { isRule, reported };
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
