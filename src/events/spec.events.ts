import type { RelationType } from '../commands/relation.commands.js';
import { dependencyEvents } from './dependency.events.js';
import { lifecycleEvents } from './lifecycle.events.js';
import { holdEvents } from './hold.events.js';
import { overrideEvents } from './override.events.js';
import { Personal } from './personal.js';
import { progressEvents } from './progress.events.js';
import { reviewEvents } from './review.events.js';

/** A section as an event carries it. `headingSource` and `body` together are its exact Markdown. */
export type SectionContent = {
  key: string;
  heading: string;
  headingSource: string;
  body: string;
  /** SHA-256 over the body's UTF-8 bytes, hex. */
  contentHash: string;
  /** Present when the text is not closed: no final line ending, or a fence left open. Only at the end of a document. */
  open?: true;
};

export type PinnedTemplate = { key: string; version: number };

/** How an import found a section's key. */
export type SectionMatchRecord = {
  key: string;
  heading: string;
  matchedBy: 'exact' | 'alias' | 'order' | 'fuzzy' | 'custom';
  confidence: number;
};

/** What an import made of the document. `missing` are required sections, offsets are bytes. */
export type ImportRecord = {
  template: PinnedTemplate;
  sections: SectionMatchRecord[];
  missing: string[];
  unread: { start: number; end: number; reason: string }[];
  bytes: { in: number; out: number };
};

export class SpecCreated {
  readonly number!: number;
  readonly title!: string;
  readonly template!: PinnedTemplate;
  readonly labels!: string[];
  @Personal()
  readonly owner!: string | null;
  readonly preamble!: string;
  readonly sections!: SectionContent[];
}

export class SpecImported {
  readonly number!: number;
  readonly title!: string;
  readonly template!: PinnedTemplate;
  readonly preamble!: string;
  readonly sections!: SectionContent[];
  readonly report!: ImportRecord;
}

/** The title changed; `preamble` is the document's beginning with the new first heading. */
export class SpecRetitled {
  readonly title!: string;
  readonly preamble!: string;
}

export class SpecLabelled {
  readonly labels!: string[];
}

export class OwnerAssigned {
  @Personal()
  readonly owner!: string | null;
}

export class SpecRelated {
  readonly type!: RelationType;
  readonly relatedSpecId!: string;
}

export class SpecUnrelated {
  readonly type!: RelationType;
  readonly relatedSpecId!: string;
}

export class PreambleUpdated {
  readonly preamble!: string;
}

export class SectionAdded {
  readonly section!: SectionContent;
  /** From 0. */
  readonly position!: number;
}

/** A new body; a mark "not applicable" does not outlive it. */
export class SectionUpdated {
  readonly key!: string;
  readonly body!: string;
  readonly contentHash!: string;
  /** Present when the text is not closed: no final line ending, or a fence left open. Only at the end of a document. */
  readonly open?: true;
}

export class SectionRenamed {
  readonly key!: string;
  readonly heading!: string;
  readonly headingSource!: string;
}

export class SectionRemoved {
  readonly key!: string;
}

export class SectionMoved {
  readonly key!: string;
  readonly position!: number;
}

export class SectionMarkedNotApplicable {
  readonly key!: string;
  readonly reason!: string;
}

export class SectionMarkedApplicable {
  readonly key!: string;
}

/** Storage format: stored forever, changed only by adding. */
export const specEvents = {
  'spec.document.created': SpecCreated,
  'spec.document.imported': SpecImported,
  'spec.document.retitled': SpecRetitled,
  'spec.document.labelled': SpecLabelled,
  'spec.document.owner_assigned': OwnerAssigned,
  'spec.document.related': SpecRelated,
  'spec.document.unrelated': SpecUnrelated,
  'spec.preamble.updated': PreambleUpdated,
  'spec.section.added': SectionAdded,
  'spec.section.updated': SectionUpdated,
  'spec.section.renamed': SectionRenamed,
  'spec.section.removed': SectionRemoved,
  'spec.section.moved': SectionMoved,
  'spec.section.marked_not_applicable': SectionMarkedNotApplicable,
  'spec.section.marked_applicable': SectionMarkedApplicable,
  ...lifecycleEvents,
  ...reviewEvents,
  ...overrideEvents,
  ...dependencyEvents,
  ...progressEvents,
  ...holdEvents,
};
