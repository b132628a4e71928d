import { Controller } from '@nestjs/common';
import type { Ask } from '../http/query-route.js';
import { Asked, QueryRoute } from '../http/query-route.js';
import { ContractQueries } from './contract.queries.js';
import { ContractList, ContractListQuery } from './contract.view.js';

@Controller('v1/organizations/:organizationId/contracts')
export class ContractsController {
  constructor(private readonly contracts: ContractQueries) {}

  @QueryRoute('', {
    summary: 'List commands, events, routes and entities with the specs that give them, and where those conflict',
    operationId: 'listContracts',
    tag: 'Compliance rules',
    query: ContractListQuery,
    view: ContractList,
  })
  list(@Asked() { organizationId, query }: Ask<ContractListQuery>): Promise<ContractList> {
    return this.contracts.list(organizationId, query);
  }
}
