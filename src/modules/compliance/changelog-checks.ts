import type { Check, Gap } from './checks.js';
import { basisOf, elementRef, gapAt } from './checks.js';
import type { DocumentReading } from './document-reading.js';

/** The date of the newest entry, or nothing. */
export function newestEntry(document: DocumentReading): string | undefined {
  const dates = document.changelog.map(({ date }) => date).filter((date) => date !== null);
  return dates.length === 0 ? undefined : dates.reduce((latest, date) => (date > latest ? date : latest));
}

/** The earliest date that anybody's calendar can have shown at an instant: UTC-12. */
export const dateThen = (instant: Date): string =>
  new Date(instant.getTime() - 12 * 3_600_000).toISOString().slice(0, 10);

export const changelogDated: Check = ({ document }) => {
  const placed = document.section('changelog');
  if (!placed || placed.section.notApplicable !== null) return { nothing: 'The spec has no changelog.' };
  const element = elementRef('section', 'changelog', placed.reading.hash);
  const entries = document.changelog;
  if (entries.length === 0) {
    const message = 'The changelog has no entry with a date.';
    return {
      looked: 1,
      of: 'changelogs',
      basis: [],
      gaps: [{ outcome: 'non_compliant', message, elements: [element], evidence: [document.sectionEvidence(placed)] }],
    };
  }
  const gaps = entries
    .filter(({ date }) => date === null)
    .map(({ title, position }): Gap => gapAt(document, element, position, `The entry "${title ?? ''}" has no date.`));
  return { looked: entries.length, of: 'entries', basis: basisOf(document, entries), gaps };
};

export const changelogCurrent: Check = ({ document, input }) => {
  const changed = input.spec.lastContentChangeAt;
  const newest = newestEntry(document);
  const placed = document.section('changelog');
  if (changed === null) return { nothing: 'The content has not changed since it came here.' };
  if (!placed || newest === undefined) return { nothing: 'The changelog has no date.' };
  const since = dateThen(changed);
  const basis = basisOf(
    document,
    document.changelog.filter(({ date }) => date === newest),
  );
  if (newest >= since) return { looked: 1, of: 'changelogs', basis, gaps: [] };
  const message = `The content changed on ${since}; the newest entry is of ${newest}.`;
  const elements = [elementRef('section', 'changelog', placed.reading.hash)];
  return {
    looked: 1,
    of: 'changelogs',
    basis,
    gaps: [{ outcome: 'non_compliant', message, elements, evidence: [document.sectionEvidence(placed)] }],
  };
};
