import { Injectable } from '@nestjs/common';
import type { Lifecycle } from '../../commands/lifecycle.commands.js';
import type { ReviewPolicy, Severity } from '../../commands/review-policy.js';
import { severities } from '../../commands/review-policy.js';
import { Database } from '../event-store/database.js';
import type { ComplianceDemand } from '../compliance/compliance-standing.queries.js';
import { ComplianceStandings } from '../compliance/compliance-standing.queries.js';
import { OpenThreads } from '../comments/open-threads.queries.js';
import type { ReviewRules } from '../organizations/review-rules.queries.js';
import { ReviewRulesQueries } from '../organizations/review-rules.queries.js';
import { skeleton } from '../markdown/template-document.js';
import { isClosed } from '../markdown/section-text.js';
import { TemplateQueries } from '../templates/template.queries.js';
import type { ComplianceFacts, RulesChange } from './counting.decider.js';
import type { DesiredSpec } from './differences.decider.js';
import type { JudgementFacts, TransitionFacts } from './guards.decider.js';
import type { AmendmentFacts } from './lifecycle.decider.js';
import { asksForRisks, selectPolicy } from './policy-selection.decider.js';
import { ProgressQueries } from './progress.queries.js';
import { SpecElementQueries } from './spec-elements.queries.js';
import { SpecPageQueries } from './spec-page.queries.js';
import type { Spec } from './spec-state.decider.js';
import { sha256 } from './spec-state.decider.js';
import type { TransitionName } from './transitions.decider.js';

/** A spec as far as facts for its reviews depend on it. */
export type Reviewed = Pick<Spec, 'review' | 'template' | 'title' | 'contentHash' | 'labels' | 'relations'> & {
  sections: readonly { key: string }[];
};

const blank = {
  name: 'reviews.blank-sections',
  text: `select key from specline.spec_section where organization_id = $1 and spec_id = $2 and coalesce(body, '') !~ '\\S'`,
};
const successor = {
  name: 'reviews.successor',
  text: `select lifecycle, relations from specline.spec where organization_id = $1 and spec_id = $2`,
};
const dependents = {
  name: 'reviews.dependents',
  text: `select spec_id as "specId", number from specline.spec
    where organization_id = $1 and lifecycle <> all (array['archived', 'superseded', 'rejected', 'withdrawn'])
      and relations @> jsonb_build_array(jsonb_build_object('type', 'depends_on', 'specId', $2::text)) order by number`,
};
const notInForce = {
  name: 'reviews.not-in-force',
  text: `select spec_id as "specId" from specline.spec where organization_id = $1 and spec_id = any ($2::uuid[])
    and lifecycle <> all (array['approved', 'in_implementation', 'implemented']) and review -> 'inForce' is not distinct from 'null'`,
};

/** How many of the rules that block a refusal names. */
const mostRows = 20;

const noDemand: ComplianceDemand = { asked: 'none', changes: [] };

/** Who changed what the compliance of specs is judged by, with everybody through whose hands their keys came. */
const ofPacks = ({ changes }: ComplianceDemand, { issuersOf }: ReviewRules): RulesChange[] =>
  changes.map(({ at, by }) => ({ group: null, at, by: [[by, ...issuersOf(by)]] }));

/** What transitions and votes are decided on beyond the stream of the spec. */
@Injectable()
export class ReviewFactsReader {
  constructor(
    private readonly database: Database,
    private readonly templates: TemplateQueries,
    private readonly specs: SpecPageQueries,
    private readonly elements: SpecElementQueries,
    private readonly rules: ReviewRulesQueries,
    private readonly threads: OpenThreads,
    private readonly compliance: ComplianceStandings,
    private readonly progress: ProgressQueries,
  ) {}

  /** @param tried a policy to judge by instead of the one that applies */
  async judgement(
    organizationId: string,
    specId: string,
    spec: Reviewed,
    tried?: ReviewPolicy,
  ): Promise<JudgementFacts> {
    const rules = await this.rules.load(organizationId);
    const { policies, members, keys } = rules;
    const policy = tried ?? (await this.choose(organizationId, specId, spec, policies));
    const openBlockingThreads = policy.blockOnOpenThreads ? await this.threads.blocking(organizationId, specId) : [];
    const unapprovedDependencies = policy.dependenciesApproved ? await this.unapproved(organizationId, spec) : [];
    const demand = policy.complianceVerdict === 'none' ? noDemand : await this.compliance.demandOf(organizationId);
    const asked = policy.complianceVerdict ?? demand.asked;
    const compliance = asked === 'none' ? null : await this.complianceOf(organizationId, specId, spec, asked);
    // Of a policy that is only tried it does not matter who decided it, nor when.
    const changes = tried === undefined ? [...rules.changes, ...ofPacks(demand, rules)] : [];
    return { policy, review: { members, keys, changes, openBlockingThreads, unapprovedDependencies, compliance } };
  }

  private async complianceOf(
    organizationId: string,
    specId: string,
    { review, ...spec }: Reviewed,
    asked: ComplianceFacts['asked'],
  ): Promise<ComplianceFacts> {
    const writers = [...review.authors, ...review.contributors].map(({ id }) => id);
    const standing = await this.compliance.of(organizationId, specId, { ...spec, writers }, new Date());
    const { freshness, why, report } = standing;
    return {
      asked,
      freshness,
      verdict: report?.verdict ?? null,
      reportId: report?.reportId ?? null,
      why: why.map(({ sentence }) => sentence),
      rows: (report?.blocking ?? []).slice(0, mostRows),
    };
  }

  /** The policy that judges a spec. */
  async policy(organizationId: string, specId: string, spec: Reviewed): Promise<ReviewPolicy> {
    const { policies } = await this.rules.load(organizationId);
    return this.choose(organizationId, specId, spec, policies);
  }

  private async choose(
    organizationId: string,
    specId: string,
    { template, labels, sections }: Reviewed,
    policies: readonly ReviewPolicy[],
  ): Promise<ReviewPolicy> {
    const severities = asksForRisks(policies) ? await this.severities(organizationId, specId) : [];
    return selectPolicy(policies, {
      template: template.key,
      labels,
      sections: sections.map(({ key }) => key),
      severities,
    });
  }

  private async severities(organizationId: string, specId: string): Promise<Severity[]> {
    const { risks } = this.elements.of(await this.specs.page(organizationId, specId));
    return severities.filter((one) => risks.some(({ severityLevel }) => severityLevel === one));
  }

  /** @param names the transitions that are asked for; what only others would need is not read */
  async transition(
    organizationId: string,
    specId: string,
    spec: Reviewed,
    names: readonly TransitionName[],
    successorId?: string,
  ): Promise<TransitionFacts & AmendmentFacts> {
    const query = <R extends object>(statement: { name: string; text: string }, id = specId): Promise<R[]> =>
      this.database.query<R>(organizationId, statement, [organizationId, id]);
    const facts: TransitionFacts & AmendmentFacts = { ...(await this.judgement(organizationId, specId, spec)) };
    if (names.includes('submit')) {
      facts.required = await this.required(organizationId, spec);
      facts.blank = new Set((await query<{ key: string }>(blank)).map(({ key }) => key));
    }
    if (names.includes('complete') && spec.review.lifecycle === 'in_implementation') {
      facts.phases = await this.progress.phases(organizationId, specId, spec.review);
    }
    if (names.includes('archive')) facts.dependents = await query(dependents);
    if (successorId !== undefined) {
      const [found] = await query<{ lifecycle: Lifecycle; relations: Spec['relations'] }>(successor, successorId);
      const supersedes = found?.relations.filter(({ type }) => type === 'supersedes').map((one) => one.specId) ?? [];
      facts.successor = found ? { lifecycle: found.lifecycle, supersedes } : null;
    }
    const endsAmendment = names.includes('reject') || names.includes('withdraw');
    if (endsAmendment && spec.review.inForce) {
      facts.inForce = await this.contentAt(organizationId, specId, spec.review.inForce.version);
    }
    return facts;
  }

  private async required(organizationId: string, { template: { key, version } }: Reviewed) {
    const template = await this.templates.find(organizationId, key, version);
    if (!template) throw new Error(`template ${key} version ${version} is pinned and not there`);
    const { document } = template;
    const texts = new Map(skeleton(document, '-').sections.map((section) => [section.key, section.body]));
    return document.sections
      .filter(({ required }) => required)
      .map((section) => ({
        key: section.key,
        heading: section.heading,
        guidanceHash: sha256(texts.get(section.key) ?? ''),
      }));
  }

  /** The content of a spec at a version, as it shall be again. */
  private async contentAt(organizationId: string, specId: string, version: number): Promise<DesiredSpec> {
    const { row, sections } = await this.specs.page(organizationId, specId, { version });
    return {
      title: row.title,
      preamble: row.preamble ?? '',
      sections: sections.map(({ key, heading, headingSource, contentHash, notApplicable, body }) => {
        const open = !isClosed(headingSource + (body ?? ''));
        return { key, heading, headingSource, contentHash, notApplicable, body: body ?? '', ...(open && { open }) };
      }),
    };
  }

  private async unapproved(organizationId: string, { relations }: Reviewed): Promise<string[]> {
    const ids = relations.filter(({ type }) => type === 'depends_on').map(({ specId }) => specId);
    const rows = await this.database.query<{ specId: string }>(organizationId, notInForce, [organizationId, ids]);
    return rows.map(({ specId }) => specId);
  }
}
