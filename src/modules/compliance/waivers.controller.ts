import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Caller } from '../../commands/command.js';
import { ApproveWaiver, RequestWaiver, WithdrawWaiver } from '../../commands/waiver.commands.js';
import { CommandRoute, From, FromRequest } from '../http/command-route.js';
import type { Ask } from '../http/query-route.js';
import { Asked, QueryRoute } from '../http/query-route.js';
import { WaiverQueries } from './waiver.queries.js';
import { WaiverList, WaiverListQuery, WaiverReceipt, WaiverView } from './waiver.view.js';

const change = { tag: 'Compliance', receipt: WaiverReceipt } as const;

@Controller('v1/organizations/:organizationId/compliance/waivers')
export class WaiversController {
  constructor(
    private readonly commands: CommandBus,
    private readonly waivers: WaiverQueries,
  ) {}

  @QueryRoute('', {
    summary: 'List exceptions from rules: what ends first stands first',
    operationId: 'listWaivers',
    tag: change.tag,
    query: WaiverListQuery,
    view: WaiverList,
  })
  list(@Asked() { organizationId, query }: Ask<WaiverListQuery>) {
    return this.waivers.list(organizationId, query);
  }

  @QueryRoute(':waiverId', {
    summary: 'Read an exception from a rule',
    operationId: 'getWaiver',
    tag: change.tag,
    view: WaiverView,
  })
  get(@Asked() { organizationId, path }: Ask) {
    return this.waivers.one(organizationId, path.waiverId ?? '');
  }

  @CommandRoute('Post', '', {
    ...change,
    summary: 'Ask for an exception from a rule',
    operationId: 'requestWaiver',
    json: RequestWaiver,
    inBody: ['specId'],
    creates: { id: 'waiverId', location: ({ waiverId }) => `/compliance/waivers/${String(waiverId)}` },
  })
  request(@FromRequest() command: RequestWaiver, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }

  @CommandRoute('Post', ':waiverId/approve', {
    ...change,
    summary: 'Let an exception pass: only a human can who neither asked for it nor wrote the spec',
    operationId: 'approveWaiver',
    bodiless: ApproveWaiver,
    access: 'admin',
  })
  approve(@FromRequest() command: ApproveWaiver, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }

  @CommandRoute('Post', ':waiverId/withdraw', {
    ...change,
    summary: 'End an exception',
    operationId: 'withdrawWaiver',
    json: WithdrawWaiver,
  })
  withdraw(@FromRequest() command: WithdrawWaiver, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }
}
