import type { SectionContent, specEvents } from '../src/events/spec.events.js';
import type { SamplesOf } from './golden-values.js';
import { person, section, sha256, specId, summary } from './golden-values.js';

const preamble = '# Saved searches\n\n**Status**: Draft\n\n';
const problem: SectionContent = { ...section('problem-statement', 'Problem', '```\nopen'), open: true };
const added = section('risks', 'Risks', 'None is known.\n');
const template = { key: 'spec', version: 1 };

/** What is written of a spec; its reviews are elsewhere. */
export const specSamples = {
  'spec.document.created': {
    after: [],
    payload: {
      number: 12,
      title: 'Saved searches',
      template,
      labels: ['search', 'catalogue'],
      owner: person,
      preamble,
      sections: [summary, problem],
    },
  },
  'spec.document.imported': {
    after: [],
    payload: {
      number: 13,
      title: 'Saved searches',
      template,
      preamble,
      sections: [summary, problem],
      report: {
        template,
        sections: [
          { key: 'tldr', heading: 'TLDR', matchedBy: 'exact', confidence: 1 },
          { key: 'problem-statement', heading: 'Problem', matchedBy: 'fuzzy', confidence: 0.8 },
        ],
        missing: ['risks'],
        unread: [{ start: 60, end: 64, reason: 'a fence that is never closed' }],
        bytes: { in: 90, out: 90 },
      },
    },
  },
  'spec.document.retitled': {
    after: ['spec.document.created'],
    payload: { title: 'Kept searches', preamble: '# Kept searches\n\n' },
  },
  'spec.document.labelled': { after: ['spec.document.created'], payload: { labels: ['search'] } },
  'spec.document.owner_assigned': { after: ['spec.document.created'], payload: { owner: null } },
  'spec.document.related': {
    after: ['spec.document.created'],
    payload: { type: 'depends_on', relatedSpecId: specId },
  },
  'spec.document.unrelated': {
    after: ['spec.document.created', 'spec.document.related'],
    payload: { type: 'depends_on', relatedSpecId: specId },
  },
  'spec.preamble.updated': {
    after: ['spec.document.created'],
    payload: { preamble: '# Saved searches\n\nNo. 12\n\n' },
  },
  'spec.section.added': { after: ['spec.document.created'], payload: { section: added, position: 1 } },
  'spec.section.updated': {
    after: ['spec.document.created'],
    payload: { key: 'problem-statement', body: '~~~\nopen', contentHash: sha256('~~~\nopen'), open: true },
  },
  'spec.section.renamed': {
    after: ['spec.document.created'],
    payload: { key: 'tldr', heading: 'In short', headingSource: 'In short\n--------\n' },
  },
  'spec.section.removed': { after: ['spec.document.created'], payload: { key: 'tldr' } },
  'spec.section.moved': {
    after: ['spec.document.created', 'spec.section.added'],
    payload: { key: 'risks', position: 0 },
  },
  'spec.section.marked_not_applicable': {
    after: ['spec.document.created'],
    payload: { key: 'tldr', reason: 'The title says it all.' },
  },
  'spec.section.marked_applicable': {
    after: ['spec.document.created', 'spec.section.marked_not_applicable'],
    payload: { key: 'tldr' },
  },
} satisfies Partial<SamplesOf<typeof specEvents>>;
