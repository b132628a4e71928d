import { Injectable } from '@nestjs/common';
import { Database } from '../event-store/database.js';
import { Cursors } from '../http/cursors.js';
import { ComplianceStandings } from './compliance-standing.queries.js';
import type { ReportRow } from './evaluation.view.js';
import { RulePackQueries } from './rule-pack.queries.js';
import type { ShadowQuery, ShadowReport, ShadowRowView } from './shadow.view.js';
import { SpecEvaluator } from './spec-evaluator.js';

const specs = {
  name: 'shadow.specs',
  text: `select s.spec_id as "specId", s.number, s.title from specline.spec s
    where s.organization_id = $1 and s.number > $2
      and s.lifecycle in ('draft', 'in_review', 'deferred', 'approved', 'in_implementation', 'implemented')
    order by s.number limit $3`,
};

type Found = { specId: string; number: number; title: string };

/** What the rules of a pack that run in shadow would block, were they enforced: evaluated spec by spec, page by page. */
@Injectable()
export class ShadowQueries {
  constructor(
    private readonly database: Database,
    private readonly cursors: Cursors,
    private readonly packs: RulePackQueries,
    private readonly standings: ComplianceStandings,
    private readonly evaluator: SpecEvaluator,
  ) {}

  /** @throws Refusal `not_found` where there is no such pack */
  async report(organizationId: string, packKey: string, query: ShadowQuery, now: Date): Promise<ShadowReport> {
    const { limit = 10, cursor } = query;
    const { view } = await this.packs.one(organizationId, packKey);
    const scope = { organizationId, list: 'shadow', filters: { packKey } };
    const [after = 0] = cursor === undefined ? [] : await this.cursors.open(scope, cursor);
    const found = await this.database.query<Found>(organizationId, specs, [organizationId, after, limit + 1]);
    const page = found.slice(0, limit);
    const items: ShadowReport['items'] = [];
    for (const spec of page) {
      const wouldBlock = await this.wouldBlock(organizationId, spec.specId, packKey, now);
      if (wouldBlock.length > 0) items.push({ ...spec, wouldBlock });
    }
    const next = found.length > limit ? await this.cursors.seal(scope, [page.at(-1)?.number]) : null;
    const shadowed = view.retiredAt === null ? view.rules.filter(({ mode }) => mode === 'shadow') : [];
    const rules = shadowed.map(({ key }) => {
      const ruleId = `${packKey}.${key}`;
      const blocked = items.filter((item) => item.wouldBlock.some((row) => row.ruleId === ruleId));
      return { ruleId, wouldBlock: blocked.length };
    });
    return { packKey, packVersion: view.version, evaluated: page.length, rules, items, page: { next } };
  }

  private async wouldBlock(
    organizationId: string,
    specId: string,
    packKey: string,
    now: Date,
  ): Promise<ShadowRowView[]> {
    const said = await this.standings.rulings(organizationId, specId);
    const { evaluation } = await this.evaluator.evaluate(organizationId, specId, said, now);
    return [...evaluation.rows, ...evaluation.consistency]
      .filter((row) => row.pack === packKey && row.mode === 'shadow' && isBroken(row))
      .map(({ ruleId, outcome, finding, findings }) => {
        return { ruleId, outcome, message: finding.message, findings: findings.length };
      });
  }
}

const isBroken = ({ severity, outcome }: ReportRow): boolean =>
  severity === 'blocking' &&
  (outcome === 'non_compliant' || outcome === 'not_linked' || outcome === 'needs_attestation');
