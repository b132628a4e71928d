import { Readable } from 'node:stream';
import { Controller, Req, Res, StreamableFile } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Caller } from '../../commands/command.js';
import { StartExport, WithdrawExport } from '../../commands/export.commands.js';
import type { AuthenticatedRequest } from '../auth/principal.js';
import { answerFile } from '../http/byte-range.js';
import { CommandRoute, From, FromRequest } from '../http/command-route.js';
import type { Ask } from '../http/query-route.js';
import { Asked, QueryRoute } from '../http/query-route.js';
import { PagedQuery } from '../http/page.view.js';
import { ExportDesk } from './export-desk.js';
import { exportFiles, fileOf } from './export-files.js';
import { ExportQueries } from './export.queries.js';
import { ExportList, ExportView } from './export.view.js';

const tag = 'Audit';
const access = 'auditor';

@Controller('v1/organizations/:organizationId/audit/exports')
export class ExportsController {
  constructor(
    private readonly desk: ExportDesk,
    private readonly exports: ExportQueries,
  ) {}

  @CommandRoute('Post', '', {
    summary: 'Begin an export of the trail, as lines or as a bundle of evidence',
    operationId: 'startAuditExport',
    tag,
    access,
    json: StartExport,
    creates: { id: 'exportId', location: ({ exportId }) => `/audit/exports/${String(exportId)}` },
    accepts: true,
    receipt: ExportView,
  })
  async start(@FromRequest() command: StartExport, @From() caller: Caller, @Req() request: AuthenticatedRequest) {
    const accepted = await this.desk.start(command, caller);
    const { exportId, format } = accepted.receipt;
    request.audited = 'audit.export.started';
    request.auditedAbout = { exportId, format };
    return accepted;
  }

  @QueryRoute('', {
    summary: 'List exports, the newest first',
    operationId: 'listAuditExports',
    tag,
    access,
    query: PagedQuery,
    view: ExportList,
  })
  list(@Asked() { organizationId, query }: Ask<PagedQuery>): Promise<ExportList> {
    return this.exports.list(organizationId, query);
  }

  @QueryRoute(':exportId', {
    summary: 'Read an export: how far it is, or what came of it',
    operationId: 'getAuditExport',
    tag,
    access,
    view: ExportView,
  })
  one(@Asked() { organizationId, path }: Ask): Promise<ExportView> {
    return this.exports.one(organizationId, path.exportId ?? '');
  }

  @QueryRoute(':exportId/content', {
    summary: 'Download an export, or go on with a download',
    operationId: 'downloadAuditExport',
    tag,
    access,
    files: exportFiles,
    problems: ['not_ready', 'gone'],
  })
  async content(
    @Asked() { organizationId, path, headers }: Ask,
    @Req() request: AuthenticatedRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile | undefined> {
    const { row, sha256 } = await this.exports.ready(organizationId, path.exportId ?? '');
    const part = answerFile(reply, headers, fileOf(row, sha256));
    if (!part) return undefined;
    // The length that was set is that of what GET would answer.
    if (request.method === 'HEAD') return new StreamableFile(Readable.from([]));
    request.audited = 'audit.export.read';
    request.auditedAbout = { exportId: row.exportId, ...part };
    return new StreamableFile(Readable.from(this.exports.content(row, part.from, part.end), { objectMode: false }));
  }

  @CommandRoute('Delete', ':exportId', {
    summary: 'End an export, or take back what came of it',
    operationId: 'withdrawAuditExport',
    keepsNoAnswer: true,
    audited: 'audit.export.withdrawn',
    tag,
    access,
    bodiless: WithdrawExport,
    accepts: true,
    receipt: ExportView,
  })
  withdraw(@FromRequest() { exportId }: WithdrawExport, @From() caller: Caller) {
    return this.desk.withdraw(exportId, caller);
  }
}
