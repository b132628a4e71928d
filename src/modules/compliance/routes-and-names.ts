import { codeSpans } from '../markdown/inline.js';
import { normalizePath, routesIn } from '../markdown/routes.js';
import { nameKey, wordsOf } from './names.js';

/** Routes, paths and names that a text gives: `method` is null where a path stands alone. */
export type Mentions = { routes: { method: string | null; path: string }[]; names: string[] };

/** What is read of one text at most, in characters. */
const longest = 20_000;
const dotted = /(?<![\w./-])[a-z][\w-]*(?:\.[A-Za-z][\w-]*){1,4}/g;

/** The routes with their method, the paths set as code, and the dotted or coded names of a text. */
export function mentionsIn(source: string): Mentions {
  const text = source.slice(0, longest);
  const routes: Mentions['routes'] = [];
  const names = new Set<string>(text.match(dotted) ?? []);
  for (const line of text.split(/\r\n?|\n/)) {
    if (line.includes('/')) {
      for (const { method, normalizedPath } of routesIn(line).routes) routes.push({ method, path: normalizedPath });
    }
    for (const span of line.includes('`') ? codeSpans(line) : []) {
      if (/^\/[\w{[:<.-]/.test(span.text) && !/\s/.test(span.text)) {
        routes.push({ method: null, path: normalizePath(span.text) });
      } else if (/^[A-Za-z]\w*$/.test(span.text)) names.add(span.text);
    }
  }
  return { routes, names: [...names] };
}

type Route = { method: string; path: string };

const segmentsOf = (path: string): string[] => path.split('/').filter(Boolean);
const isParameter = (segment: string): boolean => segment.startsWith('{');
const sameSegment = (one: string, other: string): boolean => one === other || (isParameter(one) && isParameter(other));
const startsWith = (own: readonly string[], given: readonly string[]): boolean =>
  given.every((segment, index) => sameSegment(segment, own[index] ?? ''));

/**
 * Whether a text that mentions routes speaks of this one: by its path, by a path that it stands under (of two segments at
 * least, and without a method or with an asterisk behind it), or by its method and the end of its path.
 */
export function mentionsRoute({ routes }: Mentions, { method, path }: Route): boolean {
  const own = segmentsOf(path);
  return routes.some((named) => {
    if (named.method !== null && named.method !== method) return false;
    const given = segmentsOf(named.path);
    if (given.length === 0 || given.length > own.length) return false;
    if (/^\*{1,2}$/.test(given.at(-1) ?? '')) return given.length > 2 && startsWith(own, given.slice(0, -1));
    const starts = startsWith(own, given);
    if (starts && (given.length === own.length || (named.method === null && given.length > 1))) return true;
    const ends = given.every((segment, index) => sameSegment(segment, own[own.length - given.length + index] ?? ''));
    return ends && named.method !== null;
  });
}

/** What a POST asks for that keeps nothing, as the last segment of its path says. */
const asking = /^(?:search|query|preview|validate|lookup|estimate|simulate|calculate|count|suggest|dry)$/;
const askingFor = /^(?:resolve|check|get|list|find|fetch)$/;

/** Whether a route writes, as its method and the last word of its path say. */
export function isWrite({ method, path }: Route): boolean {
  if (!/^(?:POST|PUT|PATCH|DELETE)$/.test(method)) return false;
  const last = wordsOf(segmentsOf(path).at(-1) ?? '');
  return method !== 'POST' || !(asking.test(last[0] ?? '') || (last.length > 1 && askingFor.test(last[0] ?? '')));
}

const verbs: Readonly<Record<string, readonly string[]>> = {
  POST: ['create', 'add'],
  PUT: ['update', 'edit', 'replace', 'set'],
  PATCH: ['update', 'edit', 'patch'],
  DELETE: ['delete', 'remove'],
};

/** A command's entity and action as keys: `wms.asn_line.receive` and `receiveAsnLine` are both asn line, receive. */
export function partsOfCommand(name: string): { entity: string; action: string } {
  const segments = name.split('.');
  if (segments.length > 1) return { entity: nameKey(segments.at(-2) ?? ''), action: nameKey(segments.at(-1) ?? '') };
  const [action = '', ...entity] = wordsOf(name);
  return { entity: nameKey(entity.join(' ')), action: nameKey(action) };
}

/**
 * Whether command and route are the same words: `POST /asns` and `wms.asn.create`, `DELETE /asns/{id}` and `deleteAsn`,
 * `POST /asns/{id}/receive` and `wms.asn.receive`.
 */
export function isNamedAlike(route: Route, command: string): boolean {
  const { entity, action } = partsOfCommand(command);
  const still = segmentsOf(route.path).filter((segment) => !isParameter(segment));
  const [before, last] = [nameKey(still.at(-2) ?? ''), nameKey(still.at(-1) ?? '')];
  if (entity === last && (verbs[route.method] ?? []).includes(action)) return true;
  return entity === before && action === last && route.method !== 'DELETE';
}

/** Whether a heading over a route is the command's name in words: "Receive ASN line" and `receiveAsnLine`. */
export function isHeadedAlike(heading: string, command: string): boolean {
  const { entity, action } = partsOfCommand(command);
  const key = nameKey(heading.replace(/^[\d.]+\s+/, ''));
  const name = `${action} ${entity}`;
  return entity !== '' && (key === name || key.startsWith(`${name} `));
}

/** The names that segments of a path spell, alone and joined with those before them. */
export function namesInPath(path: string): string[] {
  const still = segmentsOf(path).filter((segment) => !isParameter(segment));
  return still.flatMap((_segment, end) =>
    still.slice(0, end + 1).map((_, start) => nameKey(still.slice(start, end + 1).join(' '))),
  );
}
