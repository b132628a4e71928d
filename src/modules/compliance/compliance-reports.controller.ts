import { Controller, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import type { Caller } from '../../commands/command.js';
import { IssueComplianceReport } from '../../commands/spec-compliance.commands.js';
import { CommandRoute, From, FromRequest } from '../http/command-route.js';
import type { Ask } from '../http/query-route.js';
import { Asked, QueryRoute } from '../http/query-route.js';
import { respond } from '../http/representation.js';
import { ComplianceReportQueries } from './compliance-report.queries.js';
import { ComplianceMoment, ComplianceReportView, ReportListQuery } from './compliance-report.view.js';
import { reportMarkdown } from './report-markdown.js';
import { ComplianceReceipt, ComplianceView, ReportList } from './compliance-standing.view.js';

const tag = 'Compliance';
const markdown = {
  description: 'The section that the template asks for. Imported with a spec, it reads as the same rows again.',
  example: '## Final Compliance Report — 2026-11-23\n\n### Verdict\n\n- **Fully compliant**: Approved\n',
};

@Controller('v1/organizations/:organizationId/specs/:specId')
export class ComplianceReportsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly reports: ComplianceReportQueries,
  ) {}

  @QueryRoute('compliance', {
    summary: 'How a spec stands to its rules: the last verdict, and whether it is about the spec as it is',
    operationId: 'getCompliance',
    tag,
    query: ComplianceMoment,
    view: ComplianceView,
  })
  standing(@Asked() { organizationId, path, query }: Ask<ComplianceMoment>) {
    return this.reports.standing(organizationId, path.specId ?? '', query);
  }

  @CommandRoute('Post', 'compliance-reports', {
    summary: 'Evaluate a spec by its rules, and keep the report',
    operationId: 'issueComplianceReport',
    tag,
    json: IssueComplianceReport,
    bodiless: IssueComplianceReport,
    creates: {
      id: 'reportId',
      location: ({ specId, reportId }) => `/specs/${String(specId)}/compliance-reports/${String(reportId)}`,
    },
    receipt: ComplianceReceipt,
  })
  issue(@FromRequest() command: IssueComplianceReport, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }

  @QueryRoute('compliance-reports', {
    summary: 'List the reports on a spec, newest first',
    operationId: 'listComplianceReports',
    tag,
    query: ReportListQuery,
    view: ReportList,
  })
  list(@Asked() { organizationId, path, query }: Ask<ReportListQuery>) {
    return this.reports.list(organizationId, path.specId ?? '', query);
  }

  @QueryRoute('compliance-reports/latest', {
    summary: 'Read the last report on a spec',
    operationId: 'getLatestComplianceReport',
    tag,
    query: ComplianceMoment,
    view: ComplianceReportView,
    etag: true,
    markdown,
  })
  latest(@Asked() asked: Ask<ComplianceMoment>, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.answer(asked, reply, asked.query);
  }

  @QueryRoute('compliance-reports/:reportId', {
    summary: 'Read a report',
    operationId: 'getComplianceReport',
    tag,
    view: ComplianceReportView,
    etag: true,
    markdown,
  })
  get(@Asked() asked: Ask, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.answer(asked, reply);
  }

  private async answer({ organizationId, path, headers }: Ask, reply: FastifyReply, moment?: ComplianceMoment) {
    const { specId = '', reportId } = path;
    const { report, version } = await this.reports.report(organizationId, specId, reportId, moment);
    return respond(reply, headers, version, {
      json: () => report,
      markdown: () =>
        reportMarkdown(report, { date: report.issuedAt.slice(0, 10), filesReviewed: report.filesReviewed }),
    });
  }
}
