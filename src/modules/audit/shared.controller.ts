import { Readable } from 'node:stream';
import { Controller, Req, Res, StreamableFile } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Refusal } from '../../commands/refusals.js';
import type { AuthenticatedRequest } from '../auth/principal.js';
import type { Share } from '../auth/share-tokens.js';
import { answerFile } from '../http/byte-range.js';
import type { Ask } from '../http/query-route.js';
import { Asked, QueryRoute } from '../http/query-route.js';
import { respond } from '../http/representation.js';
import { SpecDiffQueries } from '../specs/spec-diff.queries.js';
import { SpecDiff, SpecDiffQuery } from '../specs/spec-diff.view.js';
import { SpecMoment } from '../specs/spec-list.view.js';
import { specMarkdown, SpecPageQueries, specView } from '../specs/spec-page.queries.js';
import { SpecView } from '../specs/spec.view.js';
import { evidenceExample } from './evidence-line.js';
import { EvidenceQueries } from './evidence.queries.js';
import { bundleFile, fileOf } from './export-files.js';
import { ExportQueries } from './export.queries.js';
import { SharedTrailQuery, SharedView } from './share.view.js';
import { StoryQueries } from './story.queries.js';
import { SpecStory, StoryQuery } from './story.view.js';
import { TrailQueries } from './trail.queries.js';
import { TrailPage } from './trail.view.js';

const tag = 'Shared evidence';
const access = 'share';
const audited = 'audit.share.used';
const ndjson = 'application/x-ndjson';

/** What the holder of a share link can read: nothing in a path or a query says what that is, so nothing can widen it. */
@Controller('v1/shared')
export class SharedController {
  constructor(
    private readonly trail: TrailQueries,
    private readonly stories: StoryQueries,
    private readonly specs: SpecPageQueries,
    private readonly diffs: SpecDiffQueries,
    private readonly evidence: EvidenceQueries,
    private readonly exports: ExportQueries,
  ) {}

  @QueryRoute('', {
    summary: 'What a share link is good for',
    operationId: 'getShared',
    tag,
    access,
    audited,
    view: SharedView,
  })
  async about(@Asked() { organizationId }: Ask, @Req() request: AuthenticatedRequest): Promise<SharedView> {
    const { shareId, specId, since, until, exportId } = shareOf(request, 'share');
    const { status } = await this.exports.one(organizationId, exportId);
    return { shareId, specId, since: timeOf(since), until: timeOf(until), bundle: status };
  }

  @QueryRoute('trail', {
    summary: 'The lines of the trail that are shared',
    operationId: 'listSharedTrail',
    tag,
    access,
    audited,
    query: SharedTrailQuery,
    view: TrailPage,
    waitsFor: 'audit',
  })
  lines(
    @Asked() { organizationId, query }: Ask<SharedTrailQuery>,
    @Req() request: AuthenticatedRequest,
  ): Promise<TrailPage> {
    const { specId, since, until } = shareOf(request, 'trail');
    const scope = specId === null ? { from: timeOf(since) ?? '', to: timeOf(until) ?? '' } : { spec: specId };
    return this.trail.list(organizationId, { ...query, ...scope });
  }

  @QueryRoute('history', {
    summary: 'The story of the spec that is shared',
    operationId: 'getSharedHistory',
    tag,
    access,
    audited,
    query: StoryQuery,
    view: SpecStory,
    problems: ['not_found'],
  })
  history(
    @Asked() { organizationId, query }: Ask<StoryQuery>,
    @Req() request: AuthenticatedRequest,
  ): Promise<SpecStory> {
    return this.stories.of(organizationId, specOf(request, 'history'), query);
  }

  @QueryRoute('spec', {
    summary: 'The spec that is shared, as it is or as it was',
    operationId: 'getSharedSpec',
    tag,
    access,
    audited,
    query: SpecMoment,
    view: SpecView,
    markdown: true,
    etag: true,
    problems: ['not_found'],
  })
  async spec(
    @Asked() { organizationId, query, headers }: Ask<SpecMoment>,
    @Req() request: AuthenticatedRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const page = await this.specs.page(organizationId, specOf(request, 'spec'), query);
    return respond(reply, headers, page.row.version, {
      json: () => specView(page),
      markdown: () => specMarkdown(page),
    });
  }

  @QueryRoute('diff', {
    summary: 'What differs between two versions, revisions or times of the spec that is shared',
    operationId: 'getSharedDiff',
    tag,
    access,
    audited,
    query: SpecDiffQuery,
    view: SpecDiff,
    problems: ['not_found'],
  })
  diff(
    @Asked() { organizationId, query }: Ask<SpecDiffQuery>,
    @Req() request: AuthenticatedRequest,
  ): Promise<SpecDiff> {
    return this.diffs.changes(organizationId, specOf(request, 'diff'), query);
  }

  @QueryRoute('evidence', {
    summary: 'The events of the spec that is shared, with proofs, to be verified offline',
    operationId: 'exportSharedEvidence',
    tag,
    access,
    audited,
    file: {
      mediaType: ndjson,
      description: 'A line of JSON each: `specline verify` checks it with the public key.',
      example: evidenceExample,
    },
    waitsFor: 'ledger',
    problems: ['not_found'],
  })
  async file(@Asked() { organizationId }: Ask, @Req() request: AuthenticatedRequest): Promise<StreamableFile> {
    const specId = specOf(request, 'evidence');
    const file = await this.evidence.file(organizationId, specId);
    return new StreamableFile(file, { type: ndjson, disposition: `attachment; filename="evidence-${specId}.ndjson"` });
  }

  @QueryRoute('bundle', {
    summary: 'Download the bundle that was made for a share link, or go on with a download',
    operationId: 'downloadSharedBundle',
    tag,
    access,
    audited,
    files: [bundleFile],
    problems: ['not_ready', 'gone'],
  })
  async bundle(
    @Asked() { organizationId, headers }: Ask,
    @Req() request: AuthenticatedRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile | undefined> {
    const { row, sha256 } = await this.exports.ready(organizationId, shareOf(request, 'bundle').exportId);
    const part = answerFile(reply, headers, fileOf(row, sha256));
    if (!part) return undefined;
    if (request.method === 'HEAD') return new StreamableFile(Readable.from([]));
    return new StreamableFile(Readable.from(this.exports.content(row, part.from, part.end), { objectMode: false }));
  }
}

/** The share that a request came with. @param what is read of it, for the trail */
function shareOf(request: AuthenticatedRequest, what: string): Share {
  const { share } = request;
  if (!share) throw new Error('a shared route is for who has a share link');
  const { shareId, specId } = share;
  request.auditedAbout = { shareId, specId, what };
  return share;
}

/** @throws Refusal `not_found` where a stretch of time is shared */
function specOf(request: AuthenticatedRequest, what: string): string {
  const { specId } = shareOf(request, what);
  if (specId === null)
    throw new Refusal('not_found', 'This link shares a stretch of time: read its trail, or its bundle.');
  return specId;
}

const timeOf = (time: Date | null): string | null => time && time.toISOString();
