import { Controller, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Ask } from '../http/query-route.js';
import { Asked, QueryRoute } from '../http/query-route.js';
import { chosenMediaType, respond } from '../http/representation.js';
import { SpecBlameQueries } from './spec-blame.queries.js';
import { SpecBlame } from './spec-blame.view.js';
import { SpecDiffQueries } from './spec-diff.queries.js';
import { SpecDiff, SpecDiffQuery, unifiedDiff } from './spec-diff.view.js';
import { SpecMoment } from './spec-list.view.js';

const tag = 'Audit';

@Controller('v1/organizations/:organizationId/specs/:specId')
export class SpecComparisonController {
  constructor(
    private readonly diffs: SpecDiffQueries,
    private readonly blames: SpecBlameQueries,
  ) {}

  @QueryRoute('diff', {
    summary: 'What differs between two versions, revisions or times of a spec',
    operationId: 'getSpecDiff',
    tag,
    query: SpecDiffQuery,
    view: SpecDiff,
    text: unifiedDiff,
  })
  async diff(
    @Asked() { organizationId, path, query, headers }: Ask<SpecDiffQuery>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SpecDiff | string> {
    const chosen = chosenMediaType(headers.accept, ['application/json', unifiedDiff.mediaType]);
    void reply.header('vary', 'Accept').header('cache-control', 'private, no-cache');
    if (chosen === 'application/json') return this.diffs.changes(organizationId, path.specId ?? '', query);
    void reply.header('content-type', `${chosen}; charset=utf-8`);
    return this.diffs.unified(organizationId, path.specId ?? '', query);
  }

  @QueryRoute('blame', {
    summary: 'Who wrote each line of a spec, when, and by which event',
    operationId: 'getSpecBlame',
    tag,
    query: SpecMoment,
    view: SpecBlame,
    etag: true,
  })
  async blame(
    @Asked() { organizationId, path, query, headers }: Ask<SpecMoment>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const blame = await this.blames.of(organizationId, path.specId ?? '', query);
    return respond(reply, headers, blame.version, { json: () => blame });
  }
}
