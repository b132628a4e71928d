import { Injectable } from '@nestjs/common';
import type { PolicyCommand } from '../../commands/policy.commands.js';
import { DiscardPolicyChange } from '../../commands/policy.commands.js';
import type { FactsSource } from '../event-store/facts-source.js';
import type { PolicyFacts } from './policy.decider.js';
import { ReviewRulesQueries } from './review-rules.queries.js';

/** What the rules of policies must know from outside a policy's stream: the other policies, and who the caller is. */
@Injectable()
export class PolicyFactsSource implements FactsSource {
  constructor(private readonly rules: ReviewRulesQueries) {}

  /** What is in force decides whether a change of another policy is only proposed: one change after another. */
  claims(command: PolicyCommand): string | undefined {
    return command instanceof DiscardPolicyChange ? undefined : 'review_policies';
  }

  async gather({ caller }: PolicyCommand): Promise<PolicyFacts> {
    const { policies, members, keys } = await this.rules.load(caller.organizationId);
    return {
      needsSecondAdmin: policies.some(({ changesNeedSecondAdmin }) => changesNeedSecondAdmin),
      isMember: members.has(caller.actor.id),
      issuers: keys.get(caller.keyId ?? '')?.issuers ?? [],
    };
  }
}
