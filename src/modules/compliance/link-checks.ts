import { posix } from 'node:path';
import { HeadingAnchors } from '../markdown/heading-anchors.js';
import type { ElementPosition } from '../markdown/position.view.js';
import type { Check, Gap } from './checks.js';
import { basisOf, elementRef, gapAt } from './checks.js';
import type { DocumentReading } from './document-reading.js';
import type { FileTree } from './evaluation-input.js';

/**
 * Relative links: to headings of the document, and to Markdown files below the folder whose files are all known. What
 * leads elsewhere (another site, code, a folder that nobody told of) is not judged.
 */
export const linksResolve: Check = ({ document, input }) => {
  const anchors = anchorsOf(document);
  const looked: { position: ElementPosition }[] = [];
  const gaps = [{ reading: document.preamble }, ...document.sections].flatMap(({ reading }) =>
    reading.links.flatMap(({ target, position }): Gap[] => {
      const broken = brokenLink(target, anchors, input.files);
      if (broken === undefined) return [];
      looked.push({ position });
      const key = target.slice(0, 200);
      return broken ? [gapAt(document, elementRef('link', key), position, `The link to ${key} leads nowhere.`)] : [];
    }),
  );
  if (looked.length === 0) return { nothing: 'The spec has no link that can be followed here.' };
  return { looked: looked.length, of: 'links', basis: basisOf(document, looked), gaps };
};

/** Whether a link leads nowhere; undefined where that cannot be told. */
function brokenLink(target: string, anchors: ReadonlySet<string>, files: FileTree | null): boolean | undefined {
  if (target.startsWith('#'))
    return target.length > 1 ? !anchors.has(decoded(target.slice(1)).toLowerCase()) : undefined;
  if (/^(?:[a-z][a-z0-9+.-]*:|\/)/i.test(target) || files === null) return undefined;
  const path = decoded(target.replace(/[?#].*$/, ''));
  if (!path.toLowerCase().endsWith('.md')) return undefined;
  const meant = posix.normalize(posix.join(posix.dirname(files.path), path));
  if (files.known.has(meant)) return false;
  if (meant.startsWith('../')) return undefined;
  return files.root === '' || meant.startsWith(`${files.root}/`) ? true : undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The anchors of headings, and those that HTML names. */
function anchorsOf(document: DocumentReading): ReadonlySet<string> {
  const readings = [document.preamble, ...document.sections.map(({ reading }) => reading)];
  const anchors = new HeadingAnchors();
  const headings = readings.flatMap((reading) => reading.headings);
  const named = readings.flatMap((reading) => reading.anchors);
  return new Set([...headings.map(({ title }) => anchors.next(title)), ...named.map((name) => name.toLowerCase())]);
}

export const relationsResolve: Check = ({ input }) => {
  const { relations } = input.spec;
  if (relations.length === 0) return { nothing: 'The spec has no relations.' };
  const existing = new Set(input.relatedSpecs.filter(({ exists }) => exists).map(({ specId }) => specId));
  const gaps = relations
    .filter(({ specId }) => !existing.has(specId))
    .map(({ type, specId }): Gap => {
      const elements = [elementRef('spec', specId)];
      return { outcome: 'non_compliant', message: `It ${type} ${specId}, which is not there.`, elements, evidence: [] };
    });
  return { looked: relations.length, of: 'relations', basis: [], gaps };
};
