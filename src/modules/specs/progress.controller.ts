import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Caller } from '../../commands/command.js';
import { RecordPhase } from '../../commands/progress.commands.js';
import { Receipt } from '../../commands/receipt.view.js';
import { CommandRoute, From, FromRequest } from '../http/command-route.js';
import type { Ask } from '../http/query-route.js';
import { Asked, QueryRoute } from '../http/query-route.js';
import { ProgressQueries } from './progress.queries.js';
import { ProgressView } from './progress.view.js';

const tag = 'Lifecycle';

@Controller('v1/organizations/:organizationId/specs/:specId')
export class ProgressController {
  constructor(
    private readonly commands: CommandBus,
    private readonly progress: ProgressQueries,
  ) {}

  @QueryRoute('progress', {
    summary: 'How far the implementation is, phase by phase',
    operationId: 'getProgress',
    tag,
    view: ProgressView,
  })
  get(@Asked() { organizationId, path }: Ask): Promise<ProgressView> {
    return this.progress.progress(organizationId, path.specId ?? '');
  }

  @CommandRoute('Put', 'phases/:phaseKey', {
    summary: 'Say how far a phase of the plan in force is, and show it',
    operationId: 'recordPhase',
    tag,
    ifMatch: 'optional',
    json: RecordPhase,
    receipt: Receipt,
  })
  record(@FromRequest() command: RecordPhase, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }
}
