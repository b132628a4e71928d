import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Caller } from '../../commands/command.js';
import { ConfirmDependency } from '../../commands/dependency.commands.js';
import { Receipt } from '../../commands/receipt.view.js';
import { CommandRoute, From, FromRequest } from '../http/command-route.js';

@Controller('v1/organizations/:organizationId/specs/:specId/dependencies')
export class DependenciesController {
  constructor(private readonly commands: CommandBus) {}

  @CommandRoute('Post', ':relatedSpecId/confirmation', {
    summary: 'Say that the spec still holds with the new revision of one that it depends on',
    operationId: 'confirmDependency',
    tag: 'Reviews',
    ifMatch: 'optional',
    json: ConfirmDependency,
    receipt: Receipt,
  })
  confirm(@FromRequest() command: ConfirmDependency, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }
}
