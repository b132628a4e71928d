import { Injectable } from '@nestjs/common';
import { complianceStream } from '../../commands/spec-compliance.commands.js';
import type { ReportIssued } from '../../events/spec-compliance.events.js';
import { Database } from '../event-store/database.js';
import { EventStore } from '../event-store/event-store.js';
import { RulesAtQueries } from './compliance-rules-at.queries.js';
import type { ComplianceStanding, ComplianceSubject } from './compliance-standing.queries.js';
import { freshnessOf, stale } from './compliance-standing.queries.js';
import { complianceDecider } from './compliance.decider.js';
import { blockingRow } from './compliance.projection.js';
import { WaiversInForce } from './waivers-in-force.queries.js';

const lastReport = {
  name: 'compliance.last-report-at',
  text: `select version, to_char(issued_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "issuedAt"
    from specline.compliance_report
    where organization_id = $1 and spec_id = $2 and issued_at <= $3 order by number desc limit 1`,
};
const lastRuling = {
  name: 'compliance.last-ruling-at',
  text: `select coalesce(max(version), 0) as version from specline.event
    where organization_id = $1 and stream_id = $2 and recorded_at <= $3
      and type not in ('compliance.report.issued', 'compliance.verdict.changed')`,
};

/** How specs stood to their rules at a time: the comparison of the present, made with what history says of then. */
@Injectable()
export class ComplianceAtQueries {
  constructor(
    private readonly database: Database,
    private readonly store: EventStore,
    private readonly rules: RulesAtQueries,
    private readonly waivers: WaiversInForce,
  ) {}

  /** @param subject the spec as it was at that time, RFC 3339 */
  async standing(
    organizationId: string,
    specId: string,
    subject: ComplianceSubject,
    at: string,
  ): Promise<ComplianceStanding> {
    const streamId = complianceStream(specId);
    const query = <R extends object>(statement: { name: string; text: string }, id: string) =>
      this.database.query<R>(organizationId, statement, [organizationId, id, at]);
    const [rules, [found], [ruled], waivers] = await Promise.all([
      this.rules.forOrganization(organizationId, at),
      query<{ version: number; issuedAt: string }>(lastReport, specId),
      query<{ version: number }>(lastRuling, streamId),
      this.waivers.at(organizationId, specId, at, subject.writers),
    ]);
    if (!found) return { freshness: 'none', why: [], report: null, packHash: rules.packHash };
    const { version, issuedAt } = found;
    const stream = { organizationId, type: complianceDecider.streamType, id: streamId };
    const [event] = await this.store.read(stream, version - 1, version);
    if (!event) throw new Error(`the report at version ${version} of ${streamId} has a row and no event`);
    const { reportId, number, verdict, contentHash, counts, rows, consistency, ...issued } =
      event.payload as ReportIssued;
    const blocking = [...rows, ...consistency].filter(({ blocks }) => blocks).map(blockingRow);
    const packHash = await this.packHash(organizationId, { packHash: issued.packHash, issuedAt }, rules.packHash);
    const judged = { ...issued, contentHash, reportRulings: issued.rulings, rulings: ruled?.version ?? 0, blocking };
    return {
      ...freshnessOf(stale(judged, subject, packHash, waivers)),
      report: { reportId, number, verdict, contentHash, packHash: issued.packHash, issuedAt, counts, blocking },
      packHash,
    };
  }

  /**
   * The rules of then, by the report's own hash where nothing moved since it was issued: a later program with other
   * built-in rules makes no report of the past stale.
   */
  private async packHash(
    organizationId: string,
    report: { packHash: string; issuedAt: string },
    then: string,
  ): Promise<string> {
    if (report.packHash === then) return then;
    const before = new Date(Date.parse(report.issuedAt) - 1).toISOString();
    const issuedBy = await this.rules.forOrganization(organizationId, before);
    return issuedBy.packHash === then ? report.packHash : then;
  }
}
