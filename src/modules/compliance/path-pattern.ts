/**
 * Whether a path fits a pattern, in which `*` stands for any characters but `/`, `**` for any at all and `?` for one but
 * `/`; two stars and a slash stand for no folder as well. Takes time in proportion to pattern times path at most: no
 * pattern is ever a regular expression.
 */
export function fitsPattern(path: string, pattern: string): boolean {
  const parts = partsOf(pattern);
  // For each beginning of the path, whether the parts so far can have read it.
  let reached: boolean[] = Array.from({ length: path.length + 1 }, (_, at) => at === 0);
  for (const part of parts) reached = after(part, path, reached);
  return reached[path.length] === true;
}

type Part = { kind: 'any' | 'within' | 'one' } | { kind: 'text'; text: string } | { kind: 'folders' };

/** Two stars with a slash behind them stand for no folder, one or several. */
function partsOf(pattern: string): Part[] {
  return (pattern.match(/\*\*\/|\*+|\?|[^*?]+/g) ?? []).map((token): Part => {
    if (token === '**/') return { kind: 'folders' };
    if (token === '?') return { kind: 'one' };
    if (token.startsWith('*')) return { kind: token.length > 1 ? 'any' : 'within' };
    return { kind: 'text', text: token };
  });
}

function after(part: Part, path: string, before: readonly boolean[]): boolean[] {
  const reached = Array.from({ length: path.length + 1 }, () => false);
  let open = false;
  for (let at = 0; at <= path.length; at++) {
    const isSlash = at > 0 && path[at - 1] === '/';
    switch (part.kind) {
      case 'text':
        if (before[at] && path.startsWith(part.text, at)) reached[at + part.text.length] = true;
        break;
      case 'one':
        if (at > 0 && before[at - 1] && !isSlash) reached[at] = true;
        break;
      case 'within':
        open = before[at] === true || (open && !isSlash);
        reached[at] = open;
        break;
      case 'any':
        open ||= before[at] === true;
        reached[at] = open;
        break;
      case 'folders':
        reached[at] = before[at] === true || (open && isSlash);
        open ||= before[at] === true;
    }
  }
  return reached;
}
