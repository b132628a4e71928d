import { Injectable } from '@nestjs/common';

import { Refusal } from '../../commands/refusals.js';
import type { ImportRecord, specEvents } from '../../events/spec.events.js';
import { Database } from '../event-store/database.js';
import type { EventOf } from '../event-store/decider.js';
import { evolve } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import { PersonalData } from '../event-store/personal-data.js';
import { RowSet } from '../event-store/projection-tables.js';
import { renderDocument } from '../markdown/document.js';
import { readMetadata } from '../markdown/metadata.js';
import { specDecider } from './spec.decider.js';
import type { SectionRow, SpecRow } from './spec.projection.js';
import { projectSpec, sectionTable, specTable } from './spec.projection.js';
import type { Review, RevisionInForce } from './review-state.decider.js';
import { standing } from './review-state.decider.js';
import type { Spec } from './spec-state.decider.js';
import type { SpecMoment } from './spec-list.view.js';
import type { RevisionInForceView, SectionView, SpecView } from './spec.view.js';

/** One spec at one version: its row and its sections in order. */
export type SpecPage = { row: SpecRow; sections: SectionRow[] };

const time = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

export const specColumns = `s.organization_id as "organizationId", s.spec_id as "specId", s.number, s.title, s.lifecycle,
  s.template_key as "templateKey", s.template_version as "templateVersion", s.version, s.content_hash as "contentHash", s.labels,
  s.owner, s.relations, s.section_order as "sectionOrder", s.review, ${time('s.created_at')} as "createdAt", ${time('s.updated_at')} as "updatedAt"`;

const whole = {
  name: 'specs.whole',
  text: `select ${specColumns}, s.preamble, s.import_report as "importReport",
      (select coalesce(json_agg(json_build_object('key', c.key, 'heading', c.heading, 'headingSource', c.heading_source, 'body', c.body,
          'contentHash', c.content_hash, 'version', c.version, 'notApplicable', c.not_applicable)
          order by array_position(s.section_order, c.key)), '[]')
        from specline.spec_section c where c.organization_id = s.organization_id and c.spec_id = s.spec_id) as sections
    from specline.spec s where s.organization_id = $1 and s.spec_id = $2`,
};
const section = {
  name: 'specs.section',
  text: `select key, heading, body, content_hash as "contentHash", version, not_applicable as "notApplicable"
    from specline.spec_section where organization_id = $1 and spec_id = $2 and key = $3`,
};

/** Reads one spec: from the read model as it is now, from history as it was. */
@Injectable()
export class SpecPageQueries {
  constructor(
    private readonly database: Database,
    private readonly store: EventStore,
    private readonly personal: PersonalData,
  ) {}

  async page(organizationId: string, specId: string, moment: SpecMoment = {}): Promise<SpecPage> {
    const isPresent = Object.values(moment).every((one) => one === undefined);
    const found = isPresent
      ? await this.now(organizationId, specId)
      : await this.asOf(organizationId, specId, await this.approved(organizationId, specId, moment));
    if (!found) throw new Refusal('not_found', 'There is no such spec in this organization, or not at that time.');
    const [row] = await this.personal.reveal(organizationId, [found.row], ['owner']);
    return { ...found, row: row ?? found.row };
  }

  async sections(organizationId: string, specId: string, moment: SpecMoment): Promise<SectionView[]> {
    return (await this.page(organizationId, specId, moment)).sections.map(sectionView);
  }

  async section(organizationId: string, specId: string, key: string, moment: SpecMoment): Promise<SectionView> {
    if (Object.values(moment).some((one) => one !== undefined)) {
      const earlier = await this.sections(organizationId, specId, moment);
      return earlier.find((one) => one.key === key) ?? noSection(key);
    }
    const [row] = await this.database.query<SectionView>(organizationId, section, [organizationId, specId, key]);
    return row ?? noSection(key);
  }

  /** What the import made of the document; a spec that began as a skeleton has no report. */
  async importReport(organizationId: string, specId: string): Promise<ImportRecord> {
    const { row } = await this.page(organizationId, specId);
    if (!row.importReport) throw new Refusal('not_found', 'The spec was not imported.');
    return row.importReport;
  }

  /** The state that the rules would have seen at a version. */
  async stateAt(organizationId: string, specId: string, version: number): Promise<Spec | undefined> {
    return (await this.replay(organizationId, specId, version)).state;
  }

  private async now(organizationId: string, specId: string): Promise<SpecPage | undefined> {
    const [found] = await this.database.query<SpecRow & { sections: SectionRow[] }>(organizationId, whole, [
      organizationId,
      specId,
    ]);
    if (!found) return undefined;
    const { sections, ...row } = found;
    return { row, sections };
  }

  /** The moment at which what is in force was approved, where that is asked for. */
  private async approved(organizationId: string, specId: string, moment: SpecMoment): Promise<SpecMoment> {
    if (moment.revision === undefined) return moment;
    if (moment.version !== undefined || moment.at !== undefined) {
      throw new Refusal('invalid_request', 'Ask for a revision, for a version or for a time.');
    }
    const inForce = (await this.now(organizationId, specId))?.row.review?.inForce;
    if (!inForce) throw new Refusal('not_found', 'There is no such spec in this organization, or nothing is approved.');
    return { version: inForce.version };
  }

  private async asOf(
    organizationId: string,
    specId: string,
    { version, at }: SpecMoment,
  ): Promise<SpecPage | undefined> {
    if (version !== undefined && at !== undefined) {
      throw new Refusal('invalid_request', 'Ask for a version or for a time, not for both.');
    }
    const upTo =
      at === undefined ? (version ?? 0) : await this.store.versionAt(specStream(organizationId, specId), new Date(at));
    const { rows } = await this.replay(organizationId, specId, upTo);
    const [row] = rows.of(specTable);
    if (!row || (version !== undefined && row.version !== upTo)) return undefined;
    const sections = new Map(rows.of(sectionTable).map((one) => [one.key, one]));
    return { row, sections: (row.sectionOrder ?? []).flatMap((key) => sections.get(key) ?? []) };
  }

  /** History applied to empty read models: the same projection that fills the tables. */
  private async replay(organizationId: string, specId: string, upTo: number): Promise<{ rows: RowSet; state?: Spec }> {
    const rows = new RowSet();
    let state = specDecider.initial;
    for (const { type, payload, ...recorded } of await this.store.read(specStream(organizationId, specId), 0, upTo)) {
      const event = { type, data: payload } as EventOf<typeof specEvents>;
      const context = { ...recorded, at: recorded.recordedAt, actor: recorded.metadata.actor };
      state = evolve(specDecider, state, event, context);
      rows.apply(projectSpec(state, event, context));
    }
    return { rows, ...(state && { state }) };
  }
}

function noSection(key: string): never {
  throw new Refusal('not_found', `There is no such spec, or it has no section "${key}".`);
}

/** The stream of a spec's events. */
export const specStream = (organizationId: string, id: string) => ({
  organizationId,
  type: specDecider.streamType,
  id,
});

export function specView({ row, sections }: SpecPage): SpecView {
  const { specId, number, title, lifecycle, version, contentHash, labels, owner, createdAt, updatedAt } = row;
  const preamble = row.preamble ?? '';
  return {
    specId,
    number,
    title,
    lifecycle,
    ...standingOf(row),
    template: { key: row.templateKey, version: row.templateVersion },
    version,
    contentHash,
    labels: [...labels],
    owner,
    relations: [...row.relations],
    preamble,
    metadata: readMetadata(preamble),
    sections: sections.map(sectionView),
    createdAt,
    updatedAt,
  };
}

/** Where a spec stands among its revisions and reviews; a row from before reviews is that of a draft. */
export function standingOf({ review }: Pick<SpecRow, 'review'>): Pick<SpecView, 'revision' | 'inForce' | 'review'> {
  if (!review) return { revision: 1, review: { round: 0, submittedAt: null, votes: 0, openConcerns: 0 } };
  const { revision, inForce, round, submittedAt, concerns } = review;
  const openConcerns = concerns.filter(({ resolvedAt }) => resolvedAt === null).length;
  return {
    revision,
    ...(inForce && { inForce: inForceView(inForce, review) }),
    review: { round, submittedAt, votes: standing(review).length, openConcerns },
  };
}

function inForceView(inForce: RevisionInForce, { revision, lifecycle }: Review): RevisionInForceView {
  const { voteIds: _votes, ...approved } = inForce;
  return { ...approved, lifecycle: inForce.revision === revision ? lifecycle : inForce.lifecycle };
}

export const sectionView = ({ key, heading, body, contentHash, version, notApplicable }: SectionRow): SectionView => {
  return { key, heading, body: body ?? '', contentHash, version, notApplicable };
};

/** The document, byte for byte as it was imported and edited. */
export const specMarkdown = ({ row, sections }: SpecPage): string =>
  renderDocument({
    preamble: row.preamble ?? '',
    sections: sections.map(({ headingSource, body }) => ({ headingSource, body: body ?? '' })),
  });
