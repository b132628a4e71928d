import { Controller } from '@nestjs/common';
import type { Ask } from '../http/query-route.js';
import { Asked, QueryRoute } from '../http/query-route.js';
import { WorkListQueries } from './work-list.queries.js';
import { WorkList, WorkListQuery } from './work-list.view.js';

@Controller('v1/organizations/:organizationId/reviews')
export class WorkListController {
  constructor(private readonly work: WorkListQueries) {}

  @QueryRoute('', {
    summary: 'What waits for the caller in reviews, or what the caller raised',
    operationId: 'listReviews',
    tag: 'Reviews',
    query: WorkListQuery,
    view: WorkList,
    waitsFor: 'reviews',
  })
  list(@Asked() { organizationId, query, principal }: Ask<WorkListQuery>) {
    return this.work.list(organizationId, query, principal);
  }
}
