import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Caller, Outcome } from '../../commands/command.js';
import {
  ConfirmPolicyChange,
  DiscardPolicyChange,
  PutReviewPolicy,
  RetireReviewPolicy,
} from '../../commands/policy.commands.js';
import { CommandRoute, From, FromRequest } from '../http/command-route.js';
import type { Ask } from '../http/query-route.js';
import { Asked, QueryRoute } from '../http/query-route.js';
import { PolicyQueries } from './policy.queries.js';
import {
  PolicyList,
  PolicyMoment,
  PolicyReceipt,
  PolicyVersionList,
  PolicyVersionsFrom,
  PolicyView,
} from './policy.view.js';

const tag = 'Review policies';
const change = { tag, receipt: PolicyReceipt, access: 'admin' } as const;

@Controller('v1/organizations/:organizationId/review-policies')
export class PoliciesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly policies: PolicyQueries,
  ) {}

  @QueryRoute('', {
    summary: 'List the review policies, as they stand or stood',
    operationId: 'listReviewPolicies',
    tag,
    query: PolicyMoment,
    view: PolicyList,
  })
  list(@Asked() { organizationId, query }: Ask<PolicyMoment>): Promise<PolicyList> {
    return this.policies.list(organizationId, query.at);
  }

  @CommandRoute('Put', ':policyKey', {
    ...change,
    summary: 'Make a review policy, or its next version',
    operationId: 'putReviewPolicy',
    json: PutReviewPolicy,
  })
  put(@FromRequest() command: PutReviewPolicy, @From() caller: Caller): Promise<Outcome> {
    return this.commands.execute(command.from(caller));
  }

  @QueryRoute(':policyKey', {
    summary: 'Read a review policy, and what is proposed for it',
    operationId: 'getReviewPolicy',
    tag,
    query: PolicyMoment,
    view: PolicyView,
  })
  one(@Asked() { organizationId, path, query }: Ask<PolicyMoment>): Promise<PolicyView> {
    return this.policies.one(organizationId, path.policyKey ?? '', query.at);
  }

  @QueryRoute(':policyKey/versions', {
    summary: 'List the versions of a review policy that are or were in force, newest first',
    operationId: 'listReviewPolicyVersions',
    tag,
    query: PolicyVersionsFrom,
    view: PolicyVersionList,
  })
  versions(@Asked() { organizationId, path, query }: Ask<PolicyVersionsFrom>): Promise<PolicyVersionList> {
    return this.policies.versions(organizationId, path.policyKey ?? '', query.from);
  }

  @CommandRoute('Post', ':policyKey/confirmation', {
    ...change,
    summary: 'Confirm the change of a policy that another administrator proposed',
    operationId: 'confirmPolicyChange',
    json: ConfirmPolicyChange,
  })
  confirm(@FromRequest() command: ConfirmPolicyChange, @From() caller: Caller): Promise<Outcome> {
    return this.commands.execute(command.from(caller));
  }

  @CommandRoute('Post', ':policyKey/discard', {
    ...change,
    summary: 'Take back the change of a policy that is proposed',
    operationId: 'discardPolicyChange',
    json: DiscardPolicyChange,
  })
  discard(@FromRequest() command: DiscardPolicyChange, @From() caller: Caller): Promise<Outcome> {
    return this.commands.execute(command.from(caller));
  }

  @CommandRoute('Post', ':policyKey/retirement', {
    ...change,
    summary: 'End a review policy',
    operationId: 'retireReviewPolicy',
    json: RetireReviewPolicy,
  })
  retire(@FromRequest() command: RetireReviewPolicy, @From() caller: Caller): Promise<Outcome> {
    return this.commands.execute(command.from(caller));
  }
}
