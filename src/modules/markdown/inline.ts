/** An inline code span: its content, and the offsets of the span with its backticks. */
export type CodeSpan = { text: string; start: number; end: number };

/**
 * Inline code in one block of text (CommonMark section 6.1). Micromark reads inline constructs in more than linear
 * time on hostile input, so blocks are parsed without them and the few that matter are read here, in linear time.
 */
export function codeSpans(text: string): CodeSpan[] {
  const runs = [...text.matchAll(/`+/g)].map((run) => {
    const escaped = text[run.index - 1] === '\\' && text[run.index - 2] !== '\\' ? 1 : 0;
    return { start: run.index + escaped, end: run.index + run[0].length };
  });
  const closers = nextOfSameLength(runs.map((run) => run.end - run.start));
  const spans: CodeSpan[] = [];
  for (let index = 0; index < runs.length; index += 1) {
    const closer = closers[index] ?? -1;
    const [open, close] = [runs[index], runs[closer]];
    if (!open || !close || open.start === open.end) continue;
    spans.push({ text: trimCode(text.slice(open.end, close.start)), start: open.start, end: close.end });
    index = closer;
  }
  return spans;
}

/** For each backtick run, the index of the next run as long as it, or -1. */
function nextOfSameLength(lengths: readonly number[]): number[] {
  const seen = new Map<number, number>();
  return lengths
    .map((length, index) => ({ length, index }))
    .reverse()
    .map(({ length, index }) => {
      const next = seen.get(length) ?? -1;
      seen.set(length, index);
      return next;
    })
    .reverse();
}

function trimCode(code: string): string {
  const line = code.replace(/\r\n?|\n/g, ' ');
  return line.trim() !== '' && line.startsWith(' ') && line.endsWith(' ') ? line.slice(1, -1) : line;
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  nbsp: '\u00a0',
  '#39': "'",
};

/**
 * What a reader sees of one block of inline Markdown: code without backticks, links as their text, no emphasis marks,
 * escapes and common entities decoded, white space collapsed.
 */
export function plainText(source: string): string {
  const spans = codeSpans(source);
  // NUL cannot occur in Markdown (CommonMark section 2.3), so it can stand for the code while the rest is flattened.
  let prose = '';
  let at = 0;
  for (const span of spans) {
    prose += `${source.slice(at, span.start).replaceAll('\0', '\ufffd')}\0`;
    at = span.end;
  }
  prose += source.slice(at).replaceAll('\0', '\ufffd');
  const pieces = flattenMarkup(prose).split('\0');
  const text = pieces.map((piece, index) => piece + (spans[index]?.text ?? '')).join('');
  return text.replace(/\s+/g, ' ').trim();
}

function flattenMarkup(prose: string): string {
  return prose
    .replace(/!?\[([^[\]]*)\]\([^()\s]*\)/g, '$1')
    .replace(/(?<!\*)\*\*(?=[^\s*])([^*]*[^\s*])\*\*/g, '$1')
    .replace(/(?<!~)~~(?=[^\s~])([^~]*)~~/g, '$1')
    .replace(/(?<![\w*])\*(?=[^\s*])([^*]*[^\s*])\*(?![\w*])/g, '$1')
    .replace(/(?<![\w_])(__?)(?=[^\s_])([^_]*[^\s_])\1(?![\w_])/g, '$2')
    .replace(/<br ?\/?>/gi, ' ')
    .replace(/&(amp|lt|gt|quot|nbsp|#39);/g, (whole, name: string) => entities[name] ?? whole)
    .replace(/\\([!-/:-@[-`{-~])/g, '$1');
}

/** Takes the given characters off both ends. A pattern with `+$` would need quadratic time on long runs of them. */
export function trimMarks(text: string, marks: string): string {
  let [start, end] = [0, text.length];
  while (start < end && marks.includes(text.charAt(start))) start += 1;
  while (end > start && marks.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}
