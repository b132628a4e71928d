import type { ImportRecord } from '../../events/spec.events.js';
import type { SectionContent, specEvents } from '../../events/spec.events.js';
import type { EventContext, EventOf, Projection } from '../event-store/decider.js';
import type { RowChange } from '../event-store/projection-tables.js';
import { ProjectionTable } from '../event-store/projection-tables.js';
import type { Review } from './review-state.decider.js';
import type { Section, Spec, SpecState } from './spec-state.decider.js';

export type SpecRow = {
  organizationId: string;
  specId: string;
  number: number;
  title: string;
  lifecycle: string;
  templateKey: string;
  templateVersion: number;
  version: number;
  contentHash: string;
  labels: readonly string[];
  owner: string | null;
  relations: Spec['relations'];
  /** Null in a change that leaves it as it was; so are the next two. */
  sectionOrder: readonly string[] | null;
  preamble: string | null;
  importReport: ImportRecord | null;
  /** Null in a change that leaves it as it was, and in a row that is older than reviews until it is rebuilt. */
  review: Review | null;
  createdAt: string;
  updatedAt: string;
};

export type SectionRow = {
  organizationId: string;
  specId: string;
  key: string;
  heading: string;
  headingSource: string;
  /** Null in a change that leaves it as it was. */
  body: string | null;
  contentHash: string;
  version: number;
  notApplicable: string | null;
};

export const specTable = new ProjectionTable<SpecRow>(
  'spec',
  {
    organizationId: 'uuid',
    specId: 'uuid',
    number: 'bigint',
    title: 'text',
    lifecycle: 'text',
    templateKey: 'text',
    templateVersion: 'bigint',
    version: 'bigint',
    contentHash: 'text',
    labels: 'text[]',
    owner: 'text',
    relations: 'jsonb',
    sectionOrder: 'text[]',
    preamble: 'text',
    importReport: 'jsonb',
    review: 'jsonb',
    createdAt: 'timestamptz',
    updatedAt: 'timestamptz',
  },
  ['organizationId', 'specId'],
  {
    keep: ['sectionOrder', 'preamble', 'importReport', 'review'],
    partial: { touched: { set: ['version', 'contentHash', 'updatedAt'] } },
  },
);

export const sectionTable = new ProjectionTable<SectionRow>(
  'spec_section',
  {
    organizationId: 'uuid',
    specId: 'uuid',
    key: 'text',
    heading: 'text',
    headingSource: 'text',
    body: 'text',
    contentHash: 'text',
    version: 'bigint',
    notApplicable: 'text',
  },
  ['organizationId', 'specId', 'key'],
  {
    keep: ['body'],
    partial: { updated: { set: ['contentHash', 'version', 'notApplicable'], fromEvent: { body: 'body' } } },
  },
);

type HoldRow = {
  organizationId: string;
  specId: string;
  holdKey: string;
  reason: string;
  placerId: string;
  placerKind: string;
  placerName: string;
  placedAt: string;
  version: number;
};

/** The legal holds that stand. */
export const holdTable = new ProjectionTable<HoldRow>(
  'legal_hold',
  {
    organizationId: 'uuid',
    specId: 'uuid',
    holdKey: 'text',
    reason: 'text',
    placerId: 'text',
    placerKind: 'text',
    placerName: 'text',
    placedAt: 'timestamptz',
    version: 'bigint',
  },
  ['organizationId', 'specId', 'holdKey'],
);

/** The one description of the spec read models: applied inline, on a rebuild, and to show an earlier version. */
export const projectSpec: Projection<SpecState, typeof specEvents> = (state, event, context) =>
  state ? [specRow(state, event, context), ...sectionRows(state, event, context), ...holdRows(event, context)] : [];

/** After these, sections stand in another order, or are other ones. */
const reordering: ReadonlySet<keyof typeof specEvents> = new Set([
  'spec.document.created',
  'spec.document.imported',
  'spec.section.added',
  'spec.section.removed',
  'spec.section.moved',
]);

/** After these, nothing of the spec's row differs but its version, hash and time. */
const withinSections: ReadonlySet<keyof typeof specEvents> = new Set([
  'spec.section.updated',
  'spec.section.renamed',
  'spec.section.marked_not_applicable',
  'spec.section.marked_applicable',
]);

function specRow(spec: Spec, { type, data }: EventOf<typeof specEvents>, context: EventContext): RowChange {
  const isReviewed = spec.review.version === context.version;
  const row: SpecRow = {
    organizationId: context.organizationId,
    specId: context.streamId,
    number: spec.number,
    title: spec.title,
    lifecycle: spec.review.lifecycle,
    templateKey: spec.template.key,
    templateVersion: spec.template.version,
    version: context.version,
    contentHash: spec.contentHash,
    labels: spec.labels,
    owner: spec.owner,
    relations: spec.relations,
    sectionOrder: reordering.has(type) ? spec.sections.map(({ key }) => key) : null,
    preamble: 'preamble' in data ? spec.preamble : null,
    importReport: 'report' in data ? spec.importReport : null,
    review: isReviewed ? spec.review : null,
    createdAt: spec.createdAt,
    updatedAt: spec.updatedAt,
  };
  return specTable.put(row, withinSections.has(type) && !isReviewed ? 'touched' : undefined);
}

function holdRows({ type, data }: EventOf<typeof specEvents>, context: EventContext): RowChange[] {
  const { organizationId, streamId: specId, version, at: placedAt, actor } = context;
  if (type === 'spec.hold.released') return [holdTable.drop({ organizationId, specId, holdKey: data.holdKey })];
  if (type !== 'spec.hold.placed') return [];
  const { holdKey, reason } = data;
  const placer = { placerId: actor.id, placerKind: actor.kind, placerName: actor.name };
  return [holdTable.put({ organizationId, specId, holdKey, reason, ...placer, placedAt, version })];
}

function sectionRows(spec: Spec, { type, data }: EventOf<typeof specEvents>, context: EventContext): RowChange[] {
  if ('sections' in data) {
    const bodies = new Map(data.sections.map((section: SectionContent) => [section.key, section.body]));
    return spec.sections.map((section) => sectionRow(section, bodies.get(section.key) ?? '', context));
  }
  const key = 'section' in data ? data.section.key : 'key' in data ? data.key : undefined;
  if (key === undefined) return [];
  const section = spec.sections.find((one) => one.key === key);
  if (!section) return [sectionTable.drop({ organizationId: context.organizationId, specId: context.streamId, key })];
  const body = 'section' in data ? data.section.body : 'body' in data ? data.body : null;
  return [sectionRow(section, body, context, type === 'spec.section.updated' ? 'updated' : undefined)];
}

function sectionRow(section: Section, body: string | null, context: EventContext, only?: string): RowChange {
  const { key, heading, headingSource, contentHash, version, notApplicable } = section;
  const { organizationId, streamId: specId } = context;
  return sectionTable.put(
    { organizationId, specId, key, heading, headingSource, body, contentHash, version, notApplicable },
    only,
  );
}
