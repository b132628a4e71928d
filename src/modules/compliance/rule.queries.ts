import { Injectable } from '@nestjs/common';
import { Refusal } from '../../commands/refusals.js';
import { Database } from '../event-store/database.js';
import { RulesQueries } from './compliance-rules.queries.js';
import type { StandingRule } from './resolve-rules.js';
import type { KnownQuality } from './rule-quality.js';
import { isDoubted, wrongPercent } from './rule-quality.js';
import type { FindingMarkView, RuleDetailView, RuleList, RuleView } from './rule.view.js';

const time = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const qualities = {
  name: 'rules.qualities',
  text: `select coalesce(q.rule_id, f.rule_id) as "ruleId", coalesce(q.wrong, 0) as wrong, coalesce(q.people, 0) as people,
      ${time('q.reviewed_at')} as "reviewedAt", coalesce(f.findings, 0)::int as findings
    from (select * from specline.rule_quality where organization_id = $1) q
    full join (select rule_id, count(*) as findings from specline.rule_finding where organization_id = $1 group by rule_id) f
      on f.rule_id = q.rule_id
    where $2::text is null or coalesce(q.rule_id, f.rule_id) = $2`,
};
const marks = {
  name: 'rules.marks',
  text: `select spec_id as "specId", nullif(element, '') as element, position, counts, reason, report_id as "reportId",
      actor_id as "markedBy", ${time('marked_at')} as "markedAt"
    from specline.finding_mark where organization_id = $1 and rule_id = $2 order by marked_at desc limit 100`,
};

/** The rules in force, with how good they are. */
@Injectable()
export class RuleQueries {
  constructor(
    private readonly database: Database,
    private readonly rules: RulesQueries,
  ) {}

  async list(organizationId: string, { pack }: { pack?: string }): Promise<RuleList> {
    const [{ rules }, known] = await Promise.all([
      this.rules.forOrganization(organizationId),
      this.database.query<KnownQuality>(organizationId, qualities, [organizationId, null]),
    ]);
    const byRule = new Map(known.map((quality) => [quality.ruleId, quality]));
    const asked = rules.filter((rule) => pack === undefined || rule.pack === pack);
    return { items: asked.map((rule) => shown(rule, byRule.get(rule.ruleId))), page: { next: null } };
  }

  /** @throws Refusal `not_found` where no such rule is in force */
  async one(organizationId: string, ruleId: string): Promise<RuleDetailView> {
    const { rules } = await this.rules.forOrganization(organizationId);
    const rule = rules.find((one) => one.ruleId === ruleId);
    if (!rule) throw new Refusal('not_found', `No rule ${ruleId} is in force.`);
    const [[quality], said] = await Promise.all([
      this.database.query<KnownQuality>(organizationId, qualities, [organizationId, ruleId]),
      this.database.query<FindingMarkView>(organizationId, marks, [organizationId, ruleId]),
    ]);
    return { ...shown(rule, quality), marks: said };
  }
}

function shown(rule: StandingRule, known: KnownQuality | undefined): RuleView {
  const { wrongAtMost, applies, ...rest } = rule;
  const { templates, labels, sections, paths, touches } = applies;
  const quality = known ?? { ruleId: rule.ruleId, findings: 0, wrong: 0, people: 0, reviewedAt: null };
  const { findings, wrong, people, reviewedAt } = quality;
  const percent = wrongPercent(quality);
  return {
    ...rest,
    applies: {
      templates: [...templates],
      labels: [...labels],
      sections: [...sections],
      paths: [...paths],
      touches: [...touches],
    },
    quality: {
      ...{ findings, wrong, people, wrongPercent: percent, wrongAtMost, reviewedAt },
      isBelowThreshold: isDoubted(quality, wrongAtMost),
    },
  };
}
