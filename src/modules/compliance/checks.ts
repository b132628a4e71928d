import type { ElementPosition } from '../markdown/position.view.js';
import type { DocumentReading, PlacedSection } from './document-reading.js';
import type { EvaluationInput } from './evaluation-input.js';
import type { ElementRef, Evidence } from './evaluation.view.js';
import type { LinkBook } from './link-book.js';
import type { Rule } from './rules.js';

/** What a check looks at. `rules`: those that apply to the spec. */
export type Subject = {
  document: DocumentReading;
  input: EvaluationInput;
  links: LinkBook;
  rules: readonly Rule[];
};

/** One thing that is wrong, or that nothing links. */
export type Gap = {
  outcome: 'non_compliant' | 'not_linked';
  message: string;
  elements: ElementRef[];
  evidence: Evidence[];
};

/**
 * What a check found: that there is nothing to judge, or how many things it looked at, the text of the first of them, and
 * what is wrong.
 */
export type CheckResult = { nothing: string } | { looked: number; of: string; basis: Evidence[]; gaps: Gap[] };

export type Check = (subject: Subject) => CheckResult;

/** An element as findings name it. */
export const elementRef = (kind: ElementRef['kind'], key: string, hash = ''): ElementRef => ({ kind, key, hash });

/** How many of the things that a check looked at are quoted. */
const mostQuoted = 2;

/** The text of the first things that a check looked at. */
export const basisOf = (document: DocumentReading, looked: readonly { position: ElementPosition }[]): Evidence[] =>
  looked.slice(0, mostQuoted).map(({ position }) => document.evidence(position));

/** The headings of the first sections that a check looked at. */
export const headingsOf = (document: DocumentReading, looked: readonly PlacedSection[]): Evidence[] =>
  looked.slice(0, mostQuoted).map((placed) => document.sectionEvidence(placed));

/** What is wrong with one element, with its text as evidence. */
export const gapAt = (
  document: DocumentReading,
  element: ElementRef,
  position: ElementPosition | null,
  message: string,
  outcome: Gap['outcome'] = 'non_compliant',
): Gap => ({
  outcome,
  message,
  elements: [element],
  evidence: position === null ? [] : [document.evidence(position)],
});
