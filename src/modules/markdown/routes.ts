/** A method and a path as a line of text gives them. */
export type Route = { method: string; path: string; normalizedPath: string };

const method = '(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)';
const path = /^\/[A-Za-z0-9_\-./:{}[\]<>*~@%+$&=?#!,;()|…]*/;
const methods = new RegExp(
  `(?<![A-Za-z0-9_/.-])${method}(?:(?:\\s{0,2}[|/,&·]\\s{0,2}|\\s(?:and|or)\\s)${method})*(?![A-Za-z0-9_])`,
  'g',
);

/** What was read last: the paths, and where the text after them goes on. */
type Named = { paths: string[]; end: number };

/**
 * The routes a line names: `GET /api/x`, `GET|POST /api/x`, `GET/PUT /api/x`, `GET /a, /b`, `GET /api/x` · `POST`.
 * `start` is where the first stands in the line. Backticks and emphasis between method and path do not matter.
 */
export function routesIn(line: string): { routes: Route[]; start: number } {
  const text = line.replaceAll('`', ' ');
  const routes: Route[] = [];
  let start = -1;
  let last: Named = { paths: [], end: 0 };
  for (const match of text.matchAll(methods)) {
    const end = match.index + match[0].length;
    const own = pathsAt(text, end);
    const shared = own.paths.length === 0 && sharesPath(line, last, match.index, end);
    if (own.paths.length === 0 && !shared) continue;
    last = shared ? { paths: last.paths, end } : own;
    const verbs = match[0].split(/[^A-Z]+|and|or/).filter((word) => word !== '');
    routes.push(
      ...last.paths.flatMap((found) =>
        verbs.map((verb) => ({ method: verb, path: found, normalizedPath: normalizePath(found) })),
      ),
    );
    if (start < 0) start = match.index;
  }
  return { routes, start };
}

/**
 * Whether methods without a path belong to the route before: nothing but a separator is between them, and they are set
 * as code or end what is said. After several paths nothing tells which one is meant.
 */
function sharesPath(line: string, last: Named, start: number, end: number): boolean {
  if (last.paths.length !== 1 || !/^[`*\s]*[·,/|][`*\s]*$/.test(line.slice(last.end, start))) return false;
  const isCode = line.charAt(start - 1) === '`' && line.charAt(end) === '`';
  return isCode || /^[`*\s]*(?:$|[—–(:])/.test(line.slice(end));
}

/** The paths behind a method, with commas between them. */
function pathsAt(text: string, start: number): Named {
  const named: Named = { paths: [], end: start };
  for (let found = pathAt(text, start, false); found; found = pathAt(text, named.end, true)) {
    named.paths.push(found.path);
    named.end = found.end;
  }
  return named;
}

/** A path after white space, or for one more path after a comma. */
function pathAt(text: string, at: number, more: boolean): { path: string; end: number } | null {
  const gap = (more ? /^\s*(?:,|and|\/|or)\s+/ : /^[\s*:]+/).exec(text.slice(at, at + 12))?.[0];
  if (gap === undefined) return null;
  const found = path.exec(text.slice(at + gap.length, at + gap.length + 500))?.[0];
  if (found === undefined) return null;
  const written = found.replace(/[.,;:!…]{1,4}$/, '');
  const bold = written.endsWith('**') && text.slice(0, at).includes('**') ? written.slice(0, -2) : written;
  const balanced = bold.endsWith(')') && !bold.includes('(') ? bold.slice(0, -1) : bold;
  return balanced.length < 2 ? null : { path: balanced, end: at + gap.length + balanced.length };
}

/** Only a path, as in `Route: /api/x` or a table cell; null when the text is none. */
export function pathOf(text: string): string | null {
  const found = /^(\/[^\s`]+)/.exec(text.trim())?.[1] ?? null;
  return found !== null && found.length > 1 && path.exec(found)?.[0] === found ? found : null;
}

/** The path without query and last slash, parameters as `{name}`: from `:id`, `{id}`, `[id]`, `[...id]`, `<id>`, `${id}`. */
export function normalizePath(written: string): string {
  const bare = written.replace(/[?#].*$/, '');
  const segments = bare.split('/').map((segment) => {
    const parameter =
      /^:([A-Za-z_]\w*)\??$/.exec(segment) ??
      /^\$?\{([A-Za-z_][\w.-]*)\??\}$/.exec(segment) ??
      /^\[{1,2}(?:\.\.\.)?([A-Za-z_][\w-]*)\]{1,2}$/.exec(segment) ??
      /^<([A-Za-z_][\w-]*)>$/.exec(segment);
    return parameter ? `{${parameter[1] ?? ''}}` : segment;
  });
  const joined = segments.join('/');
  return joined.length > 1 && joined.endsWith('/') ? joined.slice(0, -1) : joined;
}

/** All methods a text names and nothing else: a table cell `GET, POST`, a heading's `(GET)`. */
export function methodsOf(text: string): string[] {
  const words = text.split(/[^A-Za-z]+/).filter((word) => word !== '' && word !== 'and');
  return words.length > 0 && words.every((word) => new RegExp(`^${method}$`).test(word)) ? words : [];
}
