import { Injectable } from '@nestjs/common';
import { Database } from '../event-store/database.js';
import { RulesQueries } from './compliance-rules.queries.js';
import type { JudgedOn } from './compliance-standing.queries.js';
import type { OverviewSpec } from './overview.js';
import { overviewOf } from './overview.js';
import type { ComplianceOverview, RuleStandings, SourceStandings } from './overview.view.js';
import { RuleSourceQueries } from './rule-source.queries.js';
import type { StandingRule } from './resolve-rules.js';
import { WaiversInForce } from './waivers-in-force.queries.js';

/** Of which somebody may want to know how they stand. */
const living = `s.lifecycle in ('draft', 'in_review', 'deferred', 'approved', 'in_implementation', 'implemented')`;
const specs = {
  name: 'overview.specs',
  text: `select s.spec_id as "specId", s.content_hash as "contentHash", s.template_key as "templateKey",
      s.template_version as "templateVersion", s.title, s.labels, s.relations,
      jsonb_path_query_array(s.review, '$.authors[*].id') || jsonb_path_query_array(s.review, '$.contributors[*].id') as writers,
      case when c.report_id is not null then jsonb_build_object('verdict', c.verdict, 'contentHash', c.content_hash,
        'subjectHash', c.subject_hash, 'packHash', c.pack_hash, 'reportRulings', c.report_rulings, 'rulings', c.rulings,
        'waiverIds', c.waiver_ids, 'ruledBy', c.ruled_by, 'blocking', jsonb_path_query_array(c.blocking, '$[*].ruleId'))
      end as report, c.issued_at as "issuedAt"
    from specline.spec s left join specline.compliance_standing c using (organization_id, spec_id)
    where s.organization_id = $1 and ${living}`,
};
const byRule = {
  name: 'overview.rules',
  text: `select r.rule_id as "ruleId", count(*) filter (where r.blocks)::int as blocks,
      count(*) filter (where r.outcome = 'compliant')::int as compliant,
      count(*) filter (where r.outcome = 'non_compliant')::int as "nonCompliant",
      count(*) filter (where r.outcome = 'not_linked')::int as "notLinked",
      count(*) filter (where r.outcome = 'needs_attestation')::int as "needsAttestation",
      count(*) filter (where r.outcome = 'waived')::int as waived,
      count(*) filter (where r.outcome = 'not_applicable')::int as "notApplicable",
      count(*) filter (where r.contradicted)::int as contradicted
    from specline.rule_result r join specline.spec s using (organization_id, spec_id)
    where r.organization_id = $1 and ${living}
    group by r.rule_id order by blocks desc, r.rule_id limit 500`,
};
/** Specs that were last judged by words that their rule files have no more. $2: the rules in force, $3: one file. */
const outdated = {
  name: 'overview.outdated',
  text: `select r.source_path as path, r.rule_id as "ruleId", now."ruleId" is null as "isGone",
      array_agg(r.spec_id order by r.spec_id) as "specIds"
    from specline.rule_result r join specline.spec s using (organization_id, spec_id)
      left join jsonb_to_recordset($2) as now ("ruleId" text, statement text) on now."ruleId" = r.rule_id
    where r.organization_id = $1 and ${living} and ($3::text is null or r.source_path = $3)
      and r.source_path is not null and now.statement is distinct from r.statement
    group by r.source_path, r.rule_id, now."ruleId" order by r.source_path, r.rule_id`,
};

type FoundSpec = Omit<OverviewSpec['subject'], 'template'> & {
  specId: string;
  templateKey: string;
  templateVersion: number;
  report: (Omit<JudgedOn, 'blocking'> & { verdict: ComplianceVerdictOf; blocking: string[] }) | null;
  issuedAt: Date | null;
};
type ComplianceVerdictOf = NonNullable<OverviewSpec['report']>['verdict'];
type Outdated = { path: string; ruleId: string; isGone: boolean; specIds: string[] };

/** How all specs of an organization stand, by what is known of them: nothing is evaluated for it. */
@Injectable()
export class OverviewQueries {
  constructor(
    private readonly database: Database,
    private readonly rules: RulesQueries,
    private readonly ruleSources: RuleSourceQueries,
    private readonly waivers: WaiversInForce,
  ) {}

  async overview(organizationId: string, now: Date): Promise<ComplianceOverview> {
    const { rules, packHash } = await this.rules.forOrganization(organizationId);
    const [found, waivers, results, changed] = await Promise.all([
      this.database.query<FoundSpec>(organizationId, specs, [organizationId]),
      this.waivers.all(organizationId, now),
      this.database.query<RuleStandings>(organizationId, byRule, [organizationId]),
      this.database.query<Outdated>(organizationId, outdated, [organizationId, said(rules), null]),
    ]);
    const standings = overviewOf(found.map(specOf), packHash, waivers, now);
    return { ...standings, rules: results, sources: sourcesOf(changed) };
  }

  /** The verdicts that changes of one rule file made stale. @throws Refusal `not_found` where there is no such file */
  async madeStaleBy(organizationId: string, path: string): Promise<SourceStandings> {
    await this.ruleSources.one(organizationId, path);
    const { rules } = await this.rules.forOrganization(organizationId);
    const values = [organizationId, said(rules), path];
    const changed = await this.database.query<Outdated>(organizationId, outdated, values);
    return sourcesOf(changed)[0] ?? { path, rules: [], specs: 0, specIds: [] };
  }
}

const said = (rules: readonly StandingRule[]): string =>
  JSON.stringify(rules.map(({ ruleId, statement }) => ({ ruleId, statement })));

function specOf({ specId, templateKey, templateVersion, report, issuedAt, ...traits }: FoundSpec): OverviewSpec {
  const template = { key: templateKey, version: templateVersion };
  // A row from before reviews knows nobody who wrote.
  const subject = { ...traits, template, writers: traits.writers ?? [] };
  if (!report || !issuedAt) return { specId, subject, report: null };
  return { specId, subject, report: { ...report, issuedAt, blocking: report.blocking.map((ruleId) => ({ ruleId })) } };
}

function sourcesOf(changed: readonly Outdated[]): SourceStandings[] {
  return [...new Set(changed.map(({ path }) => path))].map((path) => {
    const own = changed.filter((one) => one.path === path);
    const specIds = [...new Set(own.flatMap((one) => one.specIds))].sort();
    return {
      path,
      rules: own.map(({ ruleId, isGone, specIds: ids }) => ({ ruleId, isGone, specs: ids.length })),
      specs: specIds.length,
      specIds: specIds.slice(0, 100),
    };
  });
}
