import { Controller, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Ask } from '../http/query-route.js';
import { Asked, QueryRoute } from '../http/query-route.js';
import { chosenMediaType } from '../http/representation.js';
import type { PictureType } from './chart-drawer.js';
import { ChartDrawer } from './chart-drawer.js';
import { chartOf } from './statistics-chart.js';
import { StatisticsQueries } from './statistics.queries.js';
import { AuditStatistics, chartSize, pictures, StatisticsQuery } from './statistics.view.js';

@Controller('v1/organizations/:organizationId/audit/views')
export class StatisticsController {
  constructor(
    private readonly statistics: StatisticsQueries,
    private readonly drawer: ChartDrawer,
  ) {}

  @QueryRoute(':view', {
    summary: 'What was done in a period, counted: as numbers or as a chart',
    operationId: 'getAuditView',
    tag: 'Audit',
    query: StatisticsQuery,
    view: AuditStatistics,
    pictures,
    waitsFor: 'audit',
  })
  async show(
    @Asked() { organizationId, path, query, headers }: Ask<StatisticsQuery>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AuditStatistics | Buffer> {
    const chosen = chosenMediaType(headers.accept, ['application/json', ...pictures.map(({ mediaType }) => mediaType)]);
    const statistics = await this.statistics.of(organizationId, path.view ?? '', query);
    void reply.header('vary', 'Accept').header('cache-control', 'private, no-cache');
    if (chosen === 'application/json') return statistics;
    const picture = await this.drawer.draw(chartOf(statistics), chartSize, chosen as PictureType);
    // Names are in it: whatever they are, nothing in a picture runs.
    void reply
      .header('content-type', chosen)
      .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'");
    return picture;
  }
}
