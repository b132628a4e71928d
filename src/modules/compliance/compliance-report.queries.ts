import { Injectable } from '@nestjs/common';
import { Refusal } from '../../commands/refusals.js';
import { complianceStream } from '../../commands/spec-compliance.commands.js';
import type { ReportIssued } from '../../events/spec-compliance.events.js';
import { Database } from '../event-store/database.js';
import { EventStore } from '../event-store/event-store.js';
import { PersonalData } from '../event-store/personal-data.js';
import { Cursors } from '../http/cursors.js';
import type { SpecPage } from '../specs/spec-page.queries.js';
import { isNow } from '../specs/spec-page.queries.js';
import { ComplianceAtQueries } from './compliance-at.queries.js';
import type { ComplianceMoment, ComplianceReportView, ReportListQuery } from './compliance-report.view.js';
import { ComplianceStandings } from './compliance-standing.queries.js';
import type { ComplianceView, ReportList } from './compliance-standing.view.js';
import { complianceDecider } from './compliance.decider.js';
import type { ReportRow } from './compliance.projection.js';
import { SpecEvaluator } from './spec-evaluator.js';

const columns = `report_id as "reportId", number, verdict, content_hash as "contentHash", pack_hash as "packHash",
  spec_version as "specVersion", counts, issuer_id as "issuerId", issuer_kind as "issuerKind", issuer_name as "issuerName",
  to_char(issued_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "issuedAt", version`;
const one = {
  name: 'compliance.report',
  text: `select ${columns} from specline.compliance_report where organization_id = $1 and spec_id = $2
    and ($3::uuid is null or report_id = $3) and ($4::timestamptz is null or issued_at <= $4) order by number desc limit 1`,
};
const ofSpec = {
  name: 'compliance.reports-of-spec',
  text: `select ${columns} from specline.compliance_report where organization_id = $1 and spec_id = $2
    and ($3::bigint is null or number < $3) order by number desc limit $4`,
};

/** How many of the rows that block the short answer names. */
const mostNamed = 10;

/** Reports, and how a spec stands by the last of them. */
@Injectable()
export class ComplianceReportQueries {
  constructor(
    private readonly database: Database,
    private readonly store: EventStore,
    private readonly personal: PersonalData,
    private readonly cursors: Cursors,
    private readonly standings: ComplianceStandings,
    private readonly evaluator: SpecEvaluator,
    private readonly earlier: ComplianceAtQueries,
  ) {}

  /**
   * @param moment as it stood then; as it stands by default. A version is the moment at which it was recorded
   * @throws Refusal `not_found` where there is no such spec, or was none then
   */
  async standing(organizationId: string, specId: string, moment: ComplianceMoment = {}): Promise<ComplianceView> {
    const { page, subject } = await this.evaluator.subject(organizationId, specId, moment);
    const { freshness, why, report, packHash } = isNow(moment)
      ? await this.standings.of(organizationId, specId, subject, new Date())
      : await this.earlier.standing(organizationId, specId, subject, await this.timeOf(organizationId, page, moment));
    return {
      specId,
      passes: freshness === 'fresh' && report?.verdict !== 'non_compliant',
      freshness,
      why,
      verdict: report?.verdict ?? null,
      contentHash: subject.contentHash,
      packHash,
      reportId: report?.reportId ?? null,
      issuedAt: report?.issuedAt ?? null,
      blocking: report?.counts.blocking ?? 0,
      rows: (report?.blocking ?? []).slice(0, mostNamed),
    };
  }

  /** A page of a spec's reports, newest first. @throws Refusal `not_found` where there is no such spec */
  async list(organizationId: string, specId: string, { limit = 25, cursor }: ReportListQuery): Promise<ReportList> {
    const scope = { organizationId, list: 'compliance-reports', filters: { specId } };
    const [before] = cursor === undefined ? [] : await this.cursors.open(scope, cursor);
    await this.evaluator.subject(organizationId, specId);
    const values = [organizationId, specId, before ?? null, limit + 1];
    const rows = await this.database.query<ReportRow>(organizationId, ofSpec, values);
    const items = rows.slice(0, limit).map((row) => {
      const { reportId, number, verdict, contentHash, packHash, specVersion, counts, issuedAt } = row;
      return { reportId, number, verdict, contentHash, packHash, specVersion, counts, issuedAt };
    });
    const next = rows.length > limit ? await this.cursors.seal(scope, [items.at(-1)?.number]) : null;
    return { items, page: { next } };
  }

  /**
   * A report whole, and the version of the stream that it made.
   * @param reportId the last one without it
   * @param moment the last one that there was then
   * @throws Refusal `not_found`
   */
  async report(
    organizationId: string,
    specId: string,
    reportId?: string,
    moment: ComplianceMoment = {},
  ): Promise<{ report: ComplianceReportView; version: number }> {
    const page = isNow(moment) ? null : (await this.evaluator.subject(organizationId, specId, moment)).page;
    const at = page && (await this.timeOf(organizationId, page, moment));
    const values = [organizationId, specId, reportId ?? null, at];
    const [row] = await this.database.query<ReportRow>(organizationId, one, values);
    if (!row) throw new Refusal('not_found', 'There is no such report on a spec of this organization.');
    const { issuerId, issuerKind, issuerName, issuedAt, version } = row;
    const stream = { organizationId, type: complianceDecider.streamType, id: complianceStream(specId) };
    const [event] = await this.store.read(stream, version - 1, version);
    if (!event) throw new Error(`the report ${row.reportId} has a row and no event`);
    const { rulings: _rulings, ruledBy: _by, digest: _digest, ...issued } = event.payload as ReportIssued;
    const issuer = { id: issuerId, kind: issuerKind, name: issuerName };
    const [issuedBy = issuer] = await this.personal.reveal(organizationId, [issuer], ['name']);
    return {
      report: { ...(issued as Omit<ComplianceReportView, 'issuedBy' | 'issuedAt'>), issuedBy, issuedAt },
      version,
    };
  }

  /** A version is the moment at which it was recorded. */
  private timeOf(organizationId: string, { row }: SpecPage, { at }: ComplianceMoment): Promise<string> {
    return this.store.timeOf(organizationId, at ?? row.updatedAt);
  }
}
