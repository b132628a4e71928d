import { Controller } from '@nestjs/common';
import type { Ask } from '../http/query-route.js';
import { Asked, QueryRoute } from '../http/query-route.js';
import { TrailQuery } from './trail-query.view.js';
import { TrailQueries } from './trail.queries.js';
import { TrailEntryDetail, TrailPage } from './trail.view.js';

const tag = 'Audit';

@Controller('v1/organizations/:organizationId/audit/events')
export class TrailController {
  constructor(private readonly trail: TrailQueries) {}

  @QueryRoute('', {
    summary: 'Search the audit trail: what was done, and what was refused',
    operationId: 'listAuditEvents',
    tag,
    query: TrailQuery,
    view: TrailPage,
    waitsFor: 'audit',
  })
  list(@Asked() { organizationId, query }: Ask<TrailQuery>): Promise<TrailPage> {
    return this.trail.list(organizationId, query);
  }

  @QueryRoute(':eventId', {
    summary: 'One entry of the audit trail, with the event and what it changed',
    operationId: 'getAuditEvent',
    tag,
    view: TrailEntryDetail,
    waitsFor: 'audit',
  })
  one(@Asked() { organizationId, path }: Ask): Promise<TrailEntryDetail> {
    return this.trail.one(organizationId, path.eventId ?? '');
  }
}
