import { Injectable } from '@nestjs/common';
import type { DomainCommand } from '../../commands/command.js';
import { AttestRule, ConfirmLink, IssueComplianceReport } from '../../commands/spec-compliance.commands.js';
import type { FactsSource } from '../event-store/facts-source.js';
import { ReviewRulesQueries } from '../organizations/review-rules.queries.js';
import { sectionsHash } from '../specs/spec-page.queries.js';
import { RulesQueries } from './compliance-rules.queries.js';
import { subjectHash } from './compliance-standing.queries.js';
import type { ComplianceState } from './compliance-state.decider.js';
import { fileTree } from './evaluation-input.js';
import type { AttestingFacts, ElementFacts, EvaluatedFacts } from './compliance.decider.js';
import { rulerOf } from './ruling-rules.decider.js';
import { SpecEvaluator } from './spec-evaluator.js';

const nothingSaid = { rulings: 0, links: [], attestations: [] };

/** What is said of a spec's compliance is decided on the spec as it is, its rules, and who asks. */
@Injectable()
export class ComplianceFacts implements FactsSource {
  constructor(
    private readonly rules: RulesQueries,
    private readonly reviewRules: ReviewRulesQueries,
    private readonly evaluator: SpecEvaluator,
  ) {}

  /** @throws Refusal `not_found` where there is no such spec */
  gather(command: DomainCommand, _version: number, _soFar: unknown, state: unknown): Promise<object> {
    if (command instanceof IssueComplianceReport) return this.evaluated(command, state as ComplianceState);
    if (command instanceof ConfirmLink) return this.elements(command, state as ComplianceState);
    if (command instanceof AttestRule) return this.attesting(command);
    return Promise.resolve({});
  }

  /** Evaluated with the links and attestations of the state that the append is compared with. */
  private async evaluated(command: IssueComplianceReport, state: ComplianceState): Promise<EvaluatedFacts> {
    const { caller, specId } = command;
    const said = state ?? nothingSaid;
    const { page, subject, input, evaluation } = await this.evaluator.evaluate(
      caller.organizationId,
      specId,
      said,
      caller.now,
      fileTree(command.repository ?? {}),
    );
    const { verdict, contentHash, packHash, counts, rows, consistency } = evaluation;
    const rulings = [...rows, ...consistency].flatMap(({ ruling }) => ruling ?? []);
    const forTheSpec = rulings.filter(({ position }) => position !== 'non_compliant');
    return {
      specVersion: page.row.version,
      verdict,
      contentHash,
      subjectHash: subjectHash(subject),
      packHash,
      rulings: said.rulings,
      waiverIds: [...new Set(rulings.flatMap(({ waiverId }) => waiverId ?? []))],
      ruledBy: [...new Set(forTheSpec.map(({ by }) => by))],
      filesReviewed: input.sources.map(({ path }) => path),
      counts,
      rows,
      consistency,
    };
  }

  private async elements({ caller, specId }: ConfirmLink, state: ComplianceState): Promise<ElementFacts> {
    const evaluated = await this.evaluator.evaluate(caller.organizationId, specId, state ?? nothingSaid, caller.now);
    return { elements: this.evaluator.elements(evaluated) };
  }

  private async attesting({ caller, specId, ruleId, sections }: AttestRule): Promise<AttestingFacts> {
    const { organizationId, actor, keyId } = caller;
    const [{ page, subject }, { rules }, belonging] = await Promise.all([
      this.evaluator.subject(organizationId, specId),
      this.rules.forOrganization(organizationId),
      this.reviewRules.load(organizationId),
    ]);
    const rule = rules.find((one) => one.ruleId === ruleId);
    return {
      isAttestable: rule?.evaluator === 'attestation',
      contentHash: sections ? sectionsHash(page, sections) : subject.contentHash,
      writers: subject.writers,
      ruler: rulerOf(actor, keyId, belonging),
    };
  }
}
