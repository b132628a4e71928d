import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Caller } from '../../commands/command.js';
import { PlaceHold, ReleaseHold } from '../../commands/hold.commands.js';
import { Receipt } from '../../commands/receipt.view.js';
import { CommandRoute, From, FromRequest } from '../http/command-route.js';
import type { Ask } from '../http/query-route.js';
import { Asked, QueryRoute } from '../http/query-route.js';
import { HoldQueries } from './hold.queries.js';
import { LegalHoldList, LegalHoldsAsked } from './hold.view.js';

const tag = 'Audit';

@Controller('v1/organizations/:organizationId')
export class HoldsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly holds: HoldQueries,
  ) {}

  @QueryRoute('legal-holds', {
    summary: 'List the legal holds that stand',
    operationId: 'listLegalHolds',
    tag,
    query: LegalHoldsAsked,
    view: LegalHoldList,
  })
  list(@Asked() { organizationId, query }: Ask<LegalHoldsAsked>): Promise<LegalHoldList> {
    return this.holds.list(organizationId, query);
  }

  @CommandRoute('Put', 'specs/:specId/legal-holds/:holdKey', {
    summary: 'Place a legal hold on a spec: nothing of it is erased or put away until the hold is released',
    operationId: 'placeLegalHold',
    tag,
    ifMatch: 'optional',
    access: 'admin',
    json: PlaceHold,
    receipt: Receipt,
  })
  place(@FromRequest() command: PlaceHold, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }

  @CommandRoute('Post', 'specs/:specId/legal-holds/:holdKey/release', {
    summary: 'Release a legal hold: only a human can',
    operationId: 'releaseLegalHold',
    tag,
    ifMatch: 'optional',
    access: 'admin',
    json: ReleaseHold,
    receipt: Receipt,
  })
  release(@FromRequest() command: ReleaseHold, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }
}
