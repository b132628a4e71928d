import { Injectable } from '@nestjs/common';

import { Refusal } from '../../commands/refusals.js';
import type { SpecApproved } from '../../events/lifecycle.events.js';
import type { ImportRecord, specEvents } from '../../events/spec.events.js';
import { Database } from '../event-store/database.js';
import type { EventOf } from '../event-store/decider.js';
import { eventContext, evolve } from '../event-store/decider.js';
import type { Stream } from '../event-store/event-store.js';
import { EventStore } from '../event-store/event-store.js';
import { PersonalData } from '../event-store/personal-data.js';
import type { RecordedEvent } from '../event-store/history.js';
import type { RowChange } from '../event-store/projection-tables.js';
import { RowSet } from '../event-store/projection-tables.js';
import { renderDocument } from '../markdown/document.js';
import { readMetadata } from '../markdown/metadata.js';
import { specDecider } from './spec.decider.js';
import type { SectionRow, SpecRow } from './spec.projection.js';
import { projectSpec, sectionTable, specTable } from './spec.projection.js';
import type { Spec } from './spec-state.decider.js';
import { sectionsContentHash } from './spec-state.decider.js';
import type { SpecMoment } from './spec-list.view.js';
import { standingOf } from './spec-summary.queries.js';
import type { SectionView, SpecView } from './spec.view.js';

/** One spec at one version: its row and its sections in order. */
export type SpecPage = { row: SpecRow; sections: SectionRow[] };

/** An event of a spec, and the rows that it changed. */
export type SpecStep = { event: RecordedEvent; changes: readonly RowChange[] };

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
    const found = isNow(moment)
      ? await this.now(organizationId, specId)
      : await this.asOf(organizationId, specId, await this.versionOf(organizationId, specId, moment));
    if (!found) throw new Refusal('not_found', 'There is no such spec in this organization, or not at that time.');
    const [row] = await this.personal.reveal(organizationId, [found.row], ['owner']);
    return { ...found, row: row ?? found.row };
  }

  async sections(organizationId: string, specId: string, moment: SpecMoment): Promise<SectionView[]> {
    return (await this.page(organizationId, specId, moment)).sections.map(sectionView);
  }

  async section(organizationId: string, specId: string, key: string, moment: SpecMoment): Promise<SectionView> {
    if (!isNow(moment)) {
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

  /** How a spec came to what it is, or was: its events, each with what it changed. @throws Refusal `not_found` */
  async steps(
    organizationId: string,
    specId: string,
    moment: SpecMoment,
  ): Promise<{ page: SpecPage; steps: SpecStep[] }> {
    const page = await this.page(organizationId, specId, moment);
    return { page, steps: (await this.replay(organizationId, specId, page.row.version)).steps };
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

  /** The version that was meant; 0 where there was none. */
  private async versionOf(organizationId: string, specId: string, moment: SpecMoment): Promise<number> {
    const { version, at, revision } = moment;
    if ([version, at, revision].filter((given) => given !== undefined).length > 1) {
      throw new Refusal('invalid_request', 'Ask for a version, a time or a revision, not for several of them.');
    }
    const stream = specStream(organizationId, specId);
    if (at !== undefined) return this.store.versionAt(stream, at);
    return revision === undefined ? (version ?? 0) : this.approvalOf(stream, revision);
  }

  private async approvalOf(stream: Stream, revision: string): Promise<number> {
    const approvals = (await this.store.readLifecycle(stream)).filter(({ type }) => type === 'spec.lifecycle.approved');
    const meant =
      revision === 'approved'
        ? approvals.at(-1)
        : approvals.find(({ payload }) => String((payload as SpecApproved).revision) === revision);
    if (!meant) throw new Refusal('not_found', 'There is no such spec, or the revision was never approved.');
    return meant.version;
  }

  private async asOf(organizationId: string, specId: string, version: number): Promise<SpecPage | undefined> {
    const { rows } = await this.replay(organizationId, specId, version);
    const [row] = rows.of(specTable);
    if (row?.version !== version) return undefined;
    const sections = new Map(rows.of(sectionTable).map((one) => [one.key, one]));
    return { row, sections: (row.sectionOrder ?? []).flatMap((key) => sections.get(key) ?? []) };
  }

  /** History applied to empty read models: the same projection that fills the tables. */
  private async replay(
    organizationId: string,
    specId: string,
    upTo: number,
  ): Promise<{ rows: RowSet; steps: SpecStep[]; state?: Spec }> {
    const rows = new RowSet();
    const steps: SpecStep[] = [];
    let state = specDecider.initial;
    for (const recorded of await this.store.read(specStream(organizationId, specId), 0, upTo)) {
      const { type, payload } = recorded;
      const event = { type, data: payload } as EventOf<typeof specEvents>;
      const context = eventContext(recorded);
      state = evolve(specDecider, state, event, context);
      const changes = projectSpec(state, event, context);
      rows.apply(changes);
      steps.push({ event: recorded, changes });
    }
    return { rows, steps, ...(state && { state }) };
  }
}

/** Whether no earlier moment is asked for. */
export const isNow = ({ version, at, revision }: SpecMoment): boolean =>
  version === undefined && at === undefined && revision === undefined;

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

export const sectionView = ({ key, heading, body, contentHash, version, notApplicable }: SectionRow): SectionView => {
  return { key, heading, body: body ?? '', contentHash, version, notApplicable };
};

/** The document, byte for byte as it was imported and edited. */
export const specMarkdown = ({ row, sections }: SpecPage): string =>
  renderDocument({
    preamble: row.preamble ?? '',
    sections: sections.map(({ headingSource, body }) => ({ headingSource, body: body ?? '' })),
  });

/** The hash that stands for some sections, as votes name it; null where the spec does not have one of these keys. */
export function sectionsHash({ sections }: SpecPage, keys: readonly string[]): string | null {
  const named = sections.filter(({ key }) => keys.includes(key));
  return named.length === keys.length ? sectionsContentHash(named) : null;
}
