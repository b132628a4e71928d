import { hash } from 'node:crypto';
import type { RelationType } from '../../commands/relation.commands.js';
import type { ImportRecord, PinnedTemplate, SectionContent, specEvents } from '../../events/spec.events.js';
import type { Decider, EventContext } from '../event-store/decider.js';
import { evolveDependencies, unrelated } from './dependency-state.decider.js';
import { evolveHolds } from './hold-state.decider.js';
import { evolveProgress } from './progress-state.decider.js';
import type { Review } from './review-state.decider.js';
import { begun, edited, evolveReview } from './review-state.decider.js';

/** A section as the rules see it: everything but its text, for which the hash stands. */
export type Section = {
  key: string;
  heading: string;
  headingSource: string;
  contentHash: string;
  bytes: number;
  /** The stream version at which it last changed: its tag. */
  version: number;
  notApplicable: string | null;
  /** Its text would swallow, or run into, a section put behind it; only the last section can be open. */
  open: boolean;
};

export type Spec = {
  number: number;
  title: string;
  template: PinnedTemplate;
  preamble: string;
  preambleHash: string;
  labels: readonly string[];
  owner: string | null;
  relations: readonly { type: RelationType; specId: string }[];
  sections: readonly Section[];
  contentHash: string;
  importReport: ImportRecord | null;
  /** Its place in the lifecycle, and all that was said of it. */
  review: Review;
  createdAt: string;
  updatedAt: string;
};

/** `null` until the first event. */
export type SpecState = Spec | null;

type Evolve = Decider<SpecState, Record<never, never>, typeof specEvents>['evolve'];

export const sha256 = (text: string): string => hash('sha256', text);

/**
 * The hash that stands for everything a reviewer reads: SHA-256 over the JSON of the preamble's hash and, for each
 * section in order, its key, exact heading, body hash and the reason why it does not apply. It needs no bodies, so
 * it costs the same after a change of one line in a document of any size.
 */
export function specContentHash(preambleHash: string, sections: readonly Section[]): string {
  let parts = `["${preambleHash}"`;
  for (const section of sections) parts += `,${part(section)}`;
  return sha256(`${parts}]`);
}

/**
 * The hash that stands for some sections: SHA-256 over the JSON of their keys, exact headings, body hashes and marks, in
 * the order of the document.
 */
export const sectionsContentHash = (sections: readonly HashedSection[]): string =>
  sha256(`[${sections.map(part).join()}]`);

type HashedSection = Pick<Section, 'key' | 'headingSource' | 'contentHash' | 'notApplicable'>;

/** States share the sections that did not change, so each section is written down once. */
const written = new WeakMap<HashedSection, string>();

function part(section: HashedSection): string {
  const known = written.get(section);
  if (known !== undefined) return known;
  const { key, headingSource, contentHash, notApplicable } = section;
  const text = JSON.stringify([key, headingSource, contentHash, notApplicable]);
  written.set(section, text);
  return text;
}

const sectionOf = ({ body, open, ...content }: SectionContent, version: number): Section => {
  return { ...content, bytes: Buffer.byteLength(body), version, notApplicable: null, open: open ?? false };
};

const begin = { labels: [], owner: null, relations: [], importReport: null } as const;

function started(
  {
    sections,
    preamble,
    ...data
  }: { sections: SectionContent[]; preamble: string } & Pick<Spec, 'number' | 'title' | 'template'>,
  { version, at, actor }: EventContext,
): Spec {
  const preambleHash = sha256(preamble);
  const inOrder = sections.map((section) => sectionOf(section, version));
  const contentHash = specContentHash(preambleHash, inOrder);
  const content = { preamble, preambleHash, sections: inOrder, contentHash };
  return { ...begin, ...data, ...content, review: begun(actor, version), createdAt: at, updatedAt: at };
}

/** Every fold leaves the time of the change, and the hash of the content, and who changed it, where content changed. */
function changed(state: SpecState, context: EventContext, change: Partial<Spec>): SpecState {
  if (!state) return state;
  const next = { ...state, ...change, updatedAt: context.at };
  if (change.preamble !== undefined) next.preambleHash = sha256(next.preamble);
  if (change.preamble !== undefined || change.sections) {
    next.contentHash = specContentHash(next.preambleHash, next.sections);
    next.review = edited(state.review, context);
  }
  return next;
}

function sectionChanged(state: SpecState, context: EventContext, key: string, change: Partial<Section>): SpecState {
  const sections = state?.sections.map((s) => (s.key === key ? { ...s, ...change, version: context.version } : s));
  return changed(state, context, { sections });
}

export const evolveSpec: Evolve = {
  'spec.document.created': (_, { labels, owner, ...data }, context) => ({ ...started(data, context), labels, owner }),
  'spec.document.imported': (_, { report, ...data }, context) => ({ ...started(data, context), importReport: report }),
  'spec.document.retitled': (spec, data, context) => changed(spec, context, data),
  'spec.document.labelled': (spec, data, context) => changed(spec, context, data),
  'spec.document.owner_assigned': (spec, data, context) => changed(spec, context, data),
  'spec.document.related': (spec, { type, relatedSpecId }, context) =>
    changed(spec, context, { relations: [...(spec?.relations ?? []), { type, specId: relatedSpecId }] }),
  'spec.document.unrelated': (spec, { type, relatedSpecId }, context) => {
    const after = type === 'depends_on' ? unrelated(spec, relatedSpecId, context) : spec;
    return changed(after, context, {
      relations: spec?.relations.filter((r) => r.type !== type || r.specId !== relatedSpecId),
    });
  },
  'spec.preamble.updated': (spec, data, context) => changed(spec, context, data),

  'spec.section.added': (spec, { section, position }, context) =>
    changed(spec, context, { sections: spec?.sections.toSpliced(position, 0, sectionOf(section, context.version)) }),
  'spec.section.updated': (spec, { key, body, contentHash, open }, context) =>
    sectionChanged(spec, context, key, {
      contentHash,
      bytes: Buffer.byteLength(body),
      notApplicable: null,
      open: open ?? false,
    }),
  'spec.section.renamed': (spec, { key, ...data }, context) => sectionChanged(spec, context, key, data),
  'spec.section.removed': (spec, { key }, context) =>
    changed(spec, context, { sections: spec?.sections.filter((section) => section.key !== key) }),
  'spec.section.moved': (spec, { key, position }, context) => {
    const rest = spec?.sections.filter((section) => section.key !== key) ?? [];
    const moved = spec?.sections.filter((section) => section.key === key) ?? [];
    const sections = rest.toSpliced(position, 0, ...moved.map((s) => ({ ...s, version: context.version })));
    return changed(spec, context, { sections });
  },
  'spec.section.marked_not_applicable': (spec, { key, reason }, context) =>
    sectionChanged(spec, context, key, { notApplicable: reason }),
  'spec.section.marked_applicable': (spec, { key }, context) =>
    sectionChanged(spec, context, key, { notApplicable: null }),

  ...evolveReview,
  ...evolveDependencies,
  ...evolveProgress,
  ...evolveHolds,
};
