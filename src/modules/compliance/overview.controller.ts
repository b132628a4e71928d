import { Controller } from '@nestjs/common';
import type { Ask } from '../http/query-route.js';
import { Asked, QueryRoute } from '../http/query-route.js';
import { OverviewQueries } from './overview.queries.js';
import { ComplianceOverview } from './overview.view.js';

@Controller('v1/organizations/:organizationId/compliance')
export class OverviewController {
  constructor(private readonly overviews: OverviewQueries) {}

  @QueryRoute('overview', {
    summary:
      'How all specs stand: by verdict, template, age and rule, and which changed rule files made verdicts stale',
    operationId: 'getComplianceOverview',
    tag: 'Compliance',
    view: ComplianceOverview,
    waitsFor: 'rule-results',
  })
  overview(@Asked() { organizationId }: Ask): Promise<ComplianceOverview> {
    return this.overviews.overview(organizationId, new Date());
  }
}
