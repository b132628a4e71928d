import { Controller } from '@nestjs/common';
import type { Caller } from '../../commands/command.js';
import { CancelOperation, StartOperation } from '../../commands/operation.commands.js';
import { CommandRoute, From, FromRequest } from '../http/command-route.js';
import type { Ask } from '../http/query-route.js';
import { Asked, QueryRoute } from '../http/query-route.js';
import { OperationDesk } from './operation-desk.js';
import { OperationList, OperationListQuery, OperationView } from './operation.view.js';

const tag = 'Operation';
const access = 'operator';
const location = ({ operationId }: Record<string, unknown>) => `/operations/${String(operationId)}`;

@Controller('v1/operations')
export class OperationsController {
  constructor(private readonly desk: OperationDesk) {}

  @CommandRoute('Post', '', {
    summary: 'Begin an operation: rebuild, verify, swap or roll back a projection',
    operationId: 'startOperation',
    tag,
    json: StartOperation,
    creates: { id: 'operationId', location },
    accepts: true,
    receipt: OperationView,
    access,
  })
  start(@FromRequest() command: StartOperation, @From() caller: Caller) {
    return this.desk.start(command, caller);
  }

  @QueryRoute('', {
    summary: 'List operations, the newest first',
    operationId: 'listOperations',
    tag,
    access,
    query: OperationListQuery,
    view: OperationList,
  })
  list(@Asked() { query }: Ask<OperationListQuery>): Promise<OperationList> {
    return this.desk.list(query);
  }

  @QueryRoute(':operationId', {
    summary: 'Read an operation: how far it is, or what came of it',
    operationId: 'getOperation',
    tag,
    access,
    view: OperationView,
  })
  one(@Asked() { path }: Ask): Promise<OperationView> {
    return this.desk.one(path.operationId ?? '');
  }

  @CommandRoute('Post', ':operationId/cancel', {
    summary: 'Cancel an operation',
    operationId: 'cancelOperation',
    keepsNoAnswer: true,
    tag,
    bodiless: CancelOperation,
    accepts: true,
    receipt: OperationView,
    access,
  })
  cancel(@FromRequest() { operationId }: CancelOperation, @From() _caller: Caller) {
    return this.desk.cancel(operationId);
  }
}
