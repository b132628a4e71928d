import { structuredPatch } from 'diff';
import { kindsOfChanges } from '../markdown/change-kind.js';
import type { PartChangeView } from './revision.view.js';

/** A document in parts: the text before the first section has no key. */
export type Parts = readonly { section: string | null; heading: string | null; text: string }[];

/**
 * A comparison that would take longer than this, in milliseconds, is told as lines that went and lines that came: of
 * two large texts without a line in common it takes minutes.
 */
const longest = 200;

/** What differs between two states of a document, part by part, in the order of the later one. */
export function changesBetween(before: Parts, after: Parts): PartChangeView[] {
  const [earlier, later] = [bySection(before), bySection(after)];
  const moved = movedBetween(before, after);
  const keys = [...after.map(({ section }) => section), ...keysOnlyIn(before, later)];
  const differing = keys.filter((key) => earlier.get(key)?.text !== later.get(key)?.text || moved.has(key));
  const texts = differing.map((section) => {
    return { section, before: earlier.get(section)?.text ?? '', after: later.get(section)?.text ?? '' };
  });
  const kinds = kindsOfChanges(texts);
  return texts.map(({ section, before: from, after: to }, at): PartChangeView => {
    const [old, current] = [earlier.get(section), later.get(section)];
    const heading = (current ?? old)?.heading ?? null;
    if (!old || !current) {
      return { section, heading, change: old ? 'removed' : 'added', kind: 'normative', diff: unified(from, to) };
    }
    if (from === to) return { section, heading, change: 'moved', kind: 'formatting_only', diff: '' };
    return { section, heading, change: 'changed', kind: kinds[at] ?? 'normative', diff: unified(from, to) };
  });
}

/** The sections that stand elsewhere among those that stayed, whether their text is the same or not. */
export function movedBetween(before: Parts, after: Parts): Set<string | null> {
  const [earlier, later] = [bySection(before), bySection(after)];
  return movedSections(keysIn(before, later), keysIn(after, earlier));
}

type Part = Parts[number];

const bySection = (parts: Parts): Map<string | null, Part> => new Map(parts.map((part) => [part.section, part]));

const keysIn = (parts: Parts, other: Map<string | null, Part>): (string | null)[] =>
  parts.flatMap(({ section }) => (other.has(section) ? [section] : []));

const keysOnlyIn = (parts: Parts, other: Map<string | null, Part>): (string | null)[] =>
  parts.flatMap(({ section }) => (other.has(section) ? [] : [section]));

/** Of sections that are in both, the fewest that have to move: all but a longest run that kept its order. */
function movedSections(before: readonly (string | null)[], after: readonly (string | null)[]): Set<string | null> {
  const places = new Map(before.map((section, at) => [section, at]));
  const runs: { place: number; section: string | null; before: number }[] = [];
  const ends: number[] = [];
  for (const section of after) {
    const place = places.get(section) ?? 0;
    let length = ends.findIndex((run) => (runs[run]?.place ?? 0) >= place);
    if (length === -1) length = ends.length;
    runs.push({ place, section, before: length === 0 ? -1 : (ends[length - 1] ?? -1) });
    ends[length] = runs.length - 1;
  }
  const stayed = new Set<string | null>();
  for (let run = runs[ends.at(-1) ?? -1]; run; run = runs[run.before]) stayed.add(run.section);
  return new Set(after.filter((section) => !stayed.has(section)));
}

/** The hunks of a unified diff of two texts, with so many lines around each change; empty where they are the same. */
export function unified(before: string, after: string, context = 2): string {
  if (before === after) return '';
  const patch = structuredPatch('', '', before, after, '', '', { context, timeout: longest });
  if (!patch) return whole(before, after);
  return patch.hunks
    .map(({ oldStart, oldLines, newStart, newLines, lines }) => hunk([oldStart, oldLines], [newStart, newLines], lines))
    .join('');
}

function whole(before: string, after: string): string {
  const lines = (text: string) => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));
  const [went, came] = [lines(before), lines(after)];
  const marked = (text: string, sign: string) => {
    const open = text !== '' && !text.endsWith('\n') ? ['\\ No newline at end of file'] : [];
    return [...lines(text).map((line) => `${sign}${line}`), ...open];
  };
  return hunk([1, went.length], [1, came.length], [...marked(before, '-'), ...marked(after, '+')]);
}

/** As POSIX `diff -u` writes it: where there are no lines, it names the one before. */
function hunk(old: [start: number, lines: number], current: [start: number, lines: number], lines: string[]): string {
  const [from, to] = [old, current].map(([start, count]) => `${count === 0 ? start - 1 : start},${count}`);
  return [`@@ -${from} +${to} @@`, ...lines].map((line) => `${line}\n`).join('');
}
