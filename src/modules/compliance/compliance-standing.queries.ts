import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { ComplianceVerdict, OutcomeCounts } from '../../events/spec-compliance.events.js';
import { Database } from '../event-store/database.js';
import { RulesQueries } from './compliance-rules.queries.js';
import type { SpecAttestation, Link } from './compliance-state.decider.js';
import type { BlockingRow } from './compliance.projection.js';
import type { WaiverInForce } from './waivers-in-force.queries.js';
import { WaiversInForce } from './waivers-in-force.queries.js';

/** What of a spec a verdict depends on, beside its content and the rules. */
export type ComplianceSubject = {
  contentHash: string;
  template: { key: string; version: number };
  title: string;
  labels: readonly string[];
  relations: readonly { type: string; specId: string }[];
  /** Who began this revision, or changed its content. */
  writers: readonly string[];
};

/** SHA-256, hex, over what decides which rules apply: a verdict on other labels is one on another spec. */
export function subjectHash({ template, title, labels, relations }: ComplianceSubject): string {
  const related = relations.map(({ type, specId }) => `${type} ${specId}`).sort();
  return hash('sha256', JSON.stringify([template.key, template.version, title, labels.toSorted(), related]));
}

/** Why a report says nothing of the spec as it is, in words. */
const staleness = {
  content_changed: 'The content changed since.',
  traits_changed: 'The title, labels, relations or the template changed since.',
  rules_changed: 'The rules changed since.',
  rulings_changed: 'Something was linked, attested or taken back since.',
  waiver_ended: 'A waiver that it takes in has run out, was withdrawn, or was approved by somebody who wrote the spec.',
  waiver_approved: 'A waiver was approved since for a rule that blocks.',
  ruled_by_writer: 'Somebody who ruled to its good has written on the spec.',
} as const;
export type StaleCode = keyof typeof staleness;

/** How a spec stands to its rules, as far as is known without evaluating it again. */
export type ComplianceStanding = {
  /** `none` before the first report. */
  freshness: 'fresh' | 'stale' | 'none';
  why: { code: StaleCode; sentence: string }[];
  report: StandingReport | null;
  /** Of the rules that are in force. */
  packHash: string;
};
export type ComplianceDemand = {
  asked: 'none' | 'compliant_or_waived';
  changes: readonly { at: string; by: string }[];
};
export type StandingReport = {
  reportId: string;
  number: number;
  verdict: ComplianceVerdict;
  contentHash: string;
  packHash: string;
  issuedAt: string;
  counts: OutcomeCounts;
  /** The first of the rows that block. */
  blocking: readonly BlockingRow[];
};

/** What was linked and attested, and the version at which that last changed. */
export type Rulings = { rulings: number; links: readonly Link[]; attestations: readonly SpecAttestation[] };

type Stored = Omit<StandingReport, 'reportId'> & { reportId: string | null } & Rulings & {
    subjectHash: string;
    reportRulings: number;
    waiverIds: string[];
    ruledBy: string[];
  };

const standing = {
  name: 'compliance.standing',
  text: `select report_id as "reportId", number, verdict, content_hash as "contentHash", subject_hash as "subjectHash",
      pack_hash as "packHash", report_rulings as "reportRulings", waiver_ids as "waiverIds", ruled_by as "ruledBy", counts, blocking,
      to_char(issued_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "issuedAt", rulings, links, attestations
    from specline.compliance_standing where organization_id = $1 and spec_id = $2`,
};

/** The published view of specs' compliance: for the gate, for CI jobs, for whoever evaluates. */
@Injectable()
export class ComplianceStandings {
  constructor(
    private readonly database: Database,
    private readonly rules: RulesQueries,
    private readonly waivers: WaiversInForce,
  ) {}

  /** @param subject the spec as it is: what is compared with what the last report was issued on */
  async of(organizationId: string, specId: string, subject: ComplianceSubject, now: Date): Promise<ComplianceStanding> {
    const [{ packHash }, stored, waivers] = await Promise.all([
      this.rules.forOrganization(organizationId),
      this.stored(organizationId, specId),
      this.waivers.of(organizationId, specId, now, subject.writers),
    ]);
    if (!stored?.reportId) return { freshness: 'none', why: [], report: null, packHash };
    const { reportId, number, verdict, contentHash, issuedAt, counts, blocking } = stored;
    const report = { reportId, number, verdict, contentHash, packHash: stored.packHash, issuedAt, counts, blocking };
    return { ...freshnessOf(stale(stored, subject, packHash, waivers)), report, packHash };
  }

  /**
   * What an organization asks for where a policy does not say: a verdict, once it has rules of its own. And when those were
   * last changed, pack by pack, and by whom.
   */
  async demandOf(organizationId: string): Promise<ComplianceDemand> {
    const { hasOwnRules, changes } = await this.rules.forOrganization(organizationId);
    return { asked: hasOwnRules ? 'compliant_or_waived' : 'none', changes };
  }

  /** What people said of a spec. */
  async rulings(organizationId: string, specId: string): Promise<Rulings> {
    const { rulings, links, attestations } = (await this.stored(organizationId, specId)) ?? {
      rulings: 0,
      links: [],
      attestations: [],
    };
    return { rulings, links, attestations };
  }

  private async stored(organizationId: string, specId: string): Promise<Stored | undefined> {
    const [row] = await this.database.query<Stored>(organizationId, standing, [organizationId, specId]);
    return row;
  }
}

/** How fresh a report is, and why it is not, in words. */
export function freshnessOf(codes: readonly StaleCode[]): Pick<ComplianceStanding, 'freshness' | 'why'> {
  const why = codes.map((code) => ({ code, sentence: staleness[code] }));
  return { freshness: why.length === 0 ? 'fresh' : 'stale', why };
}

/** What of a report decides whether it still says something of the spec as it is. */
export type JudgedOn = Pick<Stored, 'contentHash' | 'subjectHash' | 'packHash' | 'reportRulings' | 'rulings'> &
  Pick<Stored, 'waiverIds' | 'ruledBy'> & { blocking: readonly { ruleId: string }[] };

/** Why a report is about another spec than the one that is there; nothing where it is fresh. */
export function stale(
  report: JudgedOn,
  subject: ComplianceSubject,
  packHash: string,
  waivers: readonly WaiverInForce[],
): StaleCode[] {
  const blocking = report.blocking.map(({ ruleId }) => ruleId);
  const taken = (one: WaiverInForce) => report.waiverIds.includes(one.waiverId);
  const moved: Record<StaleCode, boolean> = {
    content_changed: report.contentHash !== subject.contentHash,
    traits_changed: report.subjectHash !== subjectHash(subject),
    rules_changed: report.packHash !== packHash,
    rulings_changed: report.reportRulings !== report.rulings,
    waiver_ended: !report.waiverIds.every((id) => waivers.some(({ waiverId }) => waiverId === id)),
    waiver_approved: waivers.some((one) => blocking.includes(one.ruleId) && !taken(one)),
    ruled_by_writer: report.ruledBy.some((id) => subject.writers.includes(id)),
  };
  return (Object.keys(moved) as StaleCode[]).filter((code) => moved[code]);
}
