import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Caller } from '../../commands/command.js';
import { ReviewOverride, UseOverride } from '../../commands/override.commands.js';
import { ReviewReceipt } from '../../commands/receipt.view.js';
import { CommandRoute, From, FromRequest } from '../http/command-route.js';
import type { Ask } from '../http/query-route.js';
import { Asked, QueryRoute } from '../http/query-route.js';
import { OverrideQueries } from './override.queries.js';
import { OverrideList, OverridesAsked } from './override.view.js';

const tag = 'Reviews';
const said = { tag, ifMatch: 'optional', query: ['simulate'], receipt: ReviewReceipt } as const;

@Controller('v1/organizations/:organizationId')
export class OverridesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly overrides: OverrideQueries,
  ) {}

  @QueryRoute('overrides', {
    summary: 'List approvals past the policy, those that wait for their review or all',
    operationId: 'listOverrides',
    tag,
    query: OverridesAsked,
    view: OverrideList,
  })
  list(@Asked() { organizationId, query }: Ask<OverridesAsked>): Promise<OverrideList> {
    return this.overrides.ofOrganization(organizationId, query);
  }

  @QueryRoute('specs/:specId/overrides', {
    summary: 'List the approvals of a spec past its policy',
    operationId: 'listSpecOverrides',
    tag,
    view: OverrideList,
  })
  ofSpec(@Asked() { organizationId, path }: Ask): Promise<OverrideList> {
    return this.overrides.ofSpec(organizationId, path.specId ?? '');
  }

  @CommandRoute('Post', 'specs/:specId/overrides', {
    ...said,
    summary: 'Approve a spec in an emergency, past its policy',
    operationId: 'useOverride',
    json: UseOverride,
    creates: { id: 'overrideId', location: ({ specId }) => `/specs/${String(specId)}/overrides` },
  })
  use(@FromRequest() command: UseOverride, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }

  @CommandRoute('Post', 'specs/:specId/overrides/:overrideId/review', {
    ...said,
    summary: 'Review an approval past the policy: only a human who did not use it can',
    operationId: 'reviewOverride',
    json: ReviewOverride,
  })
  review(@FromRequest() command: ReviewOverride, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }
}
