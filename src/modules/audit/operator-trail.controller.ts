import { Controller } from '@nestjs/common';
import type { Ask } from '../http/query-route.js';
import { Asked, QueryRoute } from '../http/query-route.js';
import { installation } from './audit-entry.js';
import { TrailQuery } from './trail-query.view.js';
import { TrailQueries } from './trail.queries.js';
import { TrailPage } from './trail.view.js';

@Controller('v1/audit/events')
export class OperatorTrailController {
  constructor(private readonly trail: TrailQueries) {}

  @QueryRoute('', {
    summary: 'Search what was done with the operator key',
    operationId: 'listOperatorActions',
    tag: 'Operation',
    access: 'operator',
    query: TrailQuery,
    view: TrailPage,
  })
  list(@Asked() { query }: Ask<TrailQuery>): Promise<TrailPage> {
    return this.trail.list(installation, query);
  }
}
