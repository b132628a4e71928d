/** A method and a path as a line of text gives them. */
export type Route = { method: string; path: string; normalizedPath: string };

const method = '(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)';
const path = /^\/[A-Za-z0-9_\-./:{}[\]<>*~@%+$&=?#!,;()|…]*/;
const methods = new RegExp(
  `(?<![A-Za-z0-9_/.-])${method}(?:(?:\\s{0,2}[|/,&]\\s{0,2}|\\s(?:and|or)\\s)${method})*(?![A-Za-z0-9_])`,
  'g',
);

/**
 * The routes a line names: `GET /api/x`, `GET|POST /api/x`, `GET/PUT /api/x`, `GET /a, /b`. `start` is where the first
 * stands in the line. Backticks and emphasis between method and path do not matter.
 */
export function routesIn(line: string): { routes: Route[]; start: number } {
  const text = line.replaceAll('`', ' ');
  const routes: Route[] = [];
  let start = -1;
  for (const match of text.matchAll(methods)) {
    let at = match.index + match[0].length;
    const verbs = match[0].split(/[^A-Z]+|and|or/).filter((word) => word !== '');
    for (let found = pathAt(text, at, false); found; found = pathAt(text, at, true)) {
      routes.push(
        ...verbs.map((verb) => ({
          method: verb,
          path: found?.path ?? '',
          normalizedPath: normalizePath(found?.path ?? ''),
        })),
      );
      if (start < 0) start = match.index;
      at = found.end;
    }
  }
  return { routes, start };
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
