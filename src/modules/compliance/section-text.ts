import type { Block } from '../markdown/tree.js';
import { joined } from '../markdown/tree.js';

/** The text of blocks, line by line: paragraphs, items with what is nested below them, cells; no code. */
export function ownText(blocks: readonly Block[]): string {
  return blocks.map(blockText).filter(Boolean).join('\n');
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return joined(block.lines);
    case 'list':
      return block.items
        .map((item) => [joined(item.lines), ownText(item.blocks)].filter(Boolean).join('\n'))
        .join('\n');
    case 'table':
      return [block.header, ...block.rows].map((row) => row.cells.join(' | ')).join('\n');
    default:
      return block.content;
  }
}

const undecided =
  /^[\W_]{0,20}(?:tbd|tba|todo|fixme|wip|coming soon|to be (?:added|announced|decided|defined|determined|done|filled in|specified|written))[\W_]{0,20}$/i;

/** Whether a text says only that it is still to be written. */
export const isUndecided = (text: string): boolean => text.length <= 60 && undecided.test(text);

/** Whether a text says only that there is nothing, and not why. */
export const isBareNothing = (text: string): boolean =>
  text.length <= 40 && /^[\W_]{0,10}(?:n ?\/? ?a|none|nothing|not applicable|nil)[\W_]{0,10}$/i.test(text);

/** Whether the body of a section holds nothing but white space, headings, comments and rules. */
export function isBlank(body: string): boolean {
  let rest = body;
  if (rest.includes('<!--')) {
    const pieces = rest.split('<!--');
    rest = pieces
      .map((piece, index) => (index === 0 ? piece : piece.slice((piece.indexOf('-->') + 1 || piece.length + 1) + 2)))
      .join('');
  }
  for (const line of rest.matchAll(/[^\r\n]+/g)) {
    if (!/^\s*(?:#{1,6}(?:\s.*)?|[-*_]{3,}\s*)?$/.test(line[0])) return false;
  }
  return true;
}
