import { Injectable } from '@nestjs/common';
import type { DomainCommand } from '../../commands/command.js';
import { Refusal } from '../../commands/refusals.js';
import { ApproveWaiver, RequestWaiver } from '../../commands/waiver.commands.js';
import type { FactsSource } from '../event-store/facts-source.js';
import { ReviewRulesQueries } from '../organizations/review-rules.queries.js';
import { RulesQueries } from './compliance-rules.queries.js';
import { rulerOf } from './ruling-rules.decider.js';
import { SpecEvaluator } from './spec-evaluator.js';
import type { ApprovalFacts, RequestFacts, WaiverState } from './waiver.decider.js';

/** What the rules of waivers must know of rules, specs and people. */
@Injectable()
export class WaiverFacts implements FactsSource {
  constructor(
    private readonly rules: RulesQueries,
    private readonly reviewRules: ReviewRulesQueries,
    private readonly evaluator: SpecEvaluator,
  ) {}

  gather(command: DomainCommand, _version: number, _soFar: unknown, state: unknown): Promise<object> {
    if (command instanceof RequestWaiver) return this.requested(command);
    if (command instanceof ApproveWaiver) return this.approved(command, state as WaiverState);
    return Promise.resolve({});
  }

  private async requested({ caller, ruleId, specId }: RequestWaiver): Promise<RequestFacts> {
    const { rules } = await this.rules.forOrganization(caller.organizationId);
    const ruleExists = rules.some((rule) => rule.ruleId === ruleId);
    return { ruleExists, specExists: !specId || (await this.exists(caller.organizationId, specId)) };
  }

  private async approved({ caller }: ApproveWaiver, state: WaiverState): Promise<ApprovalFacts> {
    const { organizationId, actor, keyId } = caller;
    const belonging = await this.reviewRules.load(organizationId);
    const subject = state?.specId ? (await this.evaluator.subject(organizationId, state.specId)).subject : undefined;
    return { ruler: rulerOf(actor, keyId, belonging), writers: subject?.writers ?? [] };
  }

  private async exists(organizationId: string, specId: string): Promise<boolean> {
    try {
      await this.evaluator.subject(organizationId, specId);
      return true;
    } catch (error) {
      if (error instanceof Refusal && error.code === 'not_found') return false;
      throw error;
    }
  }
}
