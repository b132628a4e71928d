import { Controller } from '@nestjs/common';
import type { Ask } from '../http/query-route.js';
import { Asked, QueryRoute } from '../http/query-route.js';
import { PermitQueries } from './permit.queries.js';
import { PermitQuery, PermitView } from './permit.view.js';

@Controller('v1/organizations/:organizationId/specs/:specId')
export class PermitController {
  constructor(private readonly permits: PermitQueries) {}

  @QueryRoute('permit', {
    summary: 'A signed, short-lived statement that this revision is approved',
    operationId: 'getPermit',
    tag: 'Reviews',
    query: PermitQuery,
    view: PermitView,
    problems: ['not_approved'],
  })
  permit(@Asked() { organizationId, path, query }: Ask<PermitQuery>): Promise<PermitView> {
    return this.permits.permit(organizationId, path.specId ?? '', query.seconds);
  }
}
