import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Database } from '../event-store/database.js';
import { ReviewRulesQueries } from '../organizations/review-rules.queries.js';
import type { SpecMoment } from '../specs/spec-list.view.js';
import type { SpecPage } from '../specs/spec-page.queries.js';
import { sectionsHash, SpecPageQueries } from '../specs/spec-page.queries.js';
import { TemplateQueries } from '../templates/template.queries.js';
import { RulesQueries } from './compliance-rules.queries.js';
import type { ComplianceSubject } from './compliance-standing.queries.js';
import type { Link, SpecAttestation } from './compliance-state.decider.js';
import { countedAttestations } from './counted-attestations.js';
import type { ConfirmedLink, EvaluatedSpec, EvaluationInput, FileTree } from './evaluation-input.js';
import { bytesKept } from './section-reading.js';
import type { SectionReading } from './section-reading.js';
import { evaluate } from './evaluation.js';
import { DocumentReading } from './document-reading.js';
import { linkableElements } from './element-hashes.js';
import type { ElementRef, Evaluation } from './evaluation.view.js';
import { WaiversInForce } from './waivers-in-force.queries.js';

/** A spec as it is, and what the rules say of it. */
export type Evaluated = { page: SpecPage; subject: ComplianceSubject; input: EvaluationInput; evaluation: Evaluation };

/** Sections whose change leaves a report as current as it was. */
const aboutTheSpec = ['changelog', 'final-compliance-report'];

const lastChange = {
  name: 'compliance.last-content-change',
  text: `select recorded_at as "at" from specline.event
    where organization_id = $1 and stream_id = $2 and version > 1 and version = greatest(
      (select max(c.version) from specline.spec_section c
        where c.organization_id = $1 and c.spec_id = $2 and c.key <> all ($3::text[])),
      (select max(e.version) from specline.event e
        where e.organization_id = $1 and e.stream_id = $2 and e.type in ('spec.preamble.updated', 'spec.section.removed')))`,
};
const related = {
  name: 'compliance.related-specs',
  text: `select spec_id as "specId" from specline.spec where organization_id = $1 and spec_id = any ($2::uuid[])`,
};

/** Gathers what the engine asks for, and asks it. */
@Injectable()
export class SpecEvaluator {
  /** What was read of sections, by their text: what did not change is not read again. */
  readonly memo = new LRUCache<string, SectionReading>({ maxSize: 64 * 1024 * 1024, sizeCalculation: bytesKept });

  constructor(
    private readonly database: Database,
    private readonly specs: SpecPageQueries,
    private readonly templates: TemplateQueries,
    private readonly rules: RulesQueries,
    private readonly waivers: WaiversInForce,
    private readonly reviewRules: ReviewRulesQueries,
  ) {}

  /**
   * @param said what people linked and attested
   * @param files of the repository that it stands in, where the caller told
   * @throws Refusal `not_found` where there is no such spec
   */
  async evaluate(
    organizationId: string,
    specId: string,
    said: { links: readonly Link[]; attestations: readonly SpecAttestation[] },
    now: Date,
    files: FileTree | null = null,
  ): Promise<Evaluated> {
    const { page, subject } = await this.subject(organizationId, specId);
    const [{ rules, packHash, sources, allowedIds }, template, waivers, { members }, changed, found] =
      await Promise.all([
        this.rules.forOrganization(organizationId),
        this.templates.find(organizationId, subject.template.key, subject.template.version),
        this.waivers.of(organizationId, specId, now, subject.writers),
        this.reviewRules.load(organizationId),
        this.query<{ at: Date }>(organizationId, lastChange, [specId, aboutTheSpec]),
        this.query<{ specId: string }>(organizationId, related, [subject.relations.map((one) => one.specId)]),
      ]);
    if (!template) throw new Error(`template ${subject.template.key} is pinned and not there`);
    const attestations = countedAttestations(said.attestations, {
      contentHash: subject.contentHash,
      sectionsHash: (keys) => sectionsHash(page, keys),
      writers: subject.writers,
      belongs: (id) => members.size === 0 || members.has(id),
    });
    const input: EvaluationInput = {
      spec: evaluatedSpec(page, changed[0]?.at ?? null),
      template: { key: template.key, sections: template.document.sections },
      rules,
      packHash,
      sources,
      links: said.links.map(confirmedLink),
      attestations,
      waivers,
      allowedIds,
      relatedSpecs: subject.relations.map((one) => {
        return { specId: one.specId, exists: found.some(({ specId: id }) => id === one.specId) };
      }),
      files,
      now,
    };
    return { page, subject, input, evaluation: evaluate(input, this.memo) };
  }

  /**
   * The spec, and what a verdict on it depends on beside the rules.
   * @param moment as it was then; as it is by default
   * @throws Refusal `not_found` where there is no such spec, or was none then
   */
  async subject(
    organizationId: string,
    specId: string,
    moment: SpecMoment = {},
  ): Promise<Pick<Evaluated, 'page' | 'subject'>> {
    const page = await this.specs.page(organizationId, specId, moment);
    const { row } = page;
    const review = row.review ?? (await this.specs.stateAt(organizationId, specId, row.version))?.review;
    if (!review) throw new Error(`${specId} has a row and no history`);
    const { contentHash, title, labels, relations } = row;
    const writers = [...new Set([...review.authors, ...review.contributors].map(({ id }) => id))];
    const template = { key: row.templateKey, version: row.templateVersion };
    return { page, subject: { contentHash, template, title, labels, relations, writers } };
  }

  /** Every element of a spec that can be linked, with the hash of its text. */
  elements({ input }: Evaluated): ElementRef[] {
    return linkableElements(new DocumentReading(input.spec, this.memo));
  }

  private query<R extends object>(
    organizationId: string,
    statement: { name: string; text: string },
    values: unknown[],
  ): Promise<R[]> {
    return this.database.query<R>(organizationId, statement, [organizationId, ...values]);
  }
}

function evaluatedSpec({ row, sections }: SpecPage, lastContentChangeAt: Date | null): EvaluatedSpec {
  const { specId, templateKey, labels, title, preamble, contentHash, relations } = row;
  return {
    ...{ specId, template: templateKey, labels, title, preamble: preamble ?? '', contentHash, relations },
    sections: sections.map(({ key, heading, headingSource, body, contentHash: hash, notApplicable }) => {
      return { key, heading, headingSource, body: body ?? '', contentHash: hash, notApplicable };
    }),
    lastContentChangeAt,
  };
}

/** A link as the engine sees it. */
export const confirmedLink = ({
  linkId,
  kind,
  element,
  counterpart,
  reason,
  confirmedBy,
  confirmedAt,
}: Link): ConfirmedLink => {
  return { linkId, kind, from: element, to: counterpart, reason, confirmedBy: confirmedBy.id, at: confirmedAt };
};
