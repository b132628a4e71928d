import type { OpenQuestion } from './delivery-elements.view.js';
import { plainText } from './inline.js';
import type { Range } from './positions.js';
import type { Section } from './section.js';
import { tablesOf } from './section.js';
import { readTable } from './tables.js';
import { joined } from './tree.js';
import type { Block, Part } from './tree.js';

const columns = {
  question: ['question', 'q', 'open question', 'topic'],
  answer: ['answer', 'resolution', 'decision', 'resolved', 'selected', 'status'],
} as const;

/** Open questions: list items, lines that start with `Q1.`, and tables, under a heading of that name. */
export function readOpenQuestions(section: Section): OpenQuestion[] {
  return section.about('openQuestions').flatMap((part) => {
    const resolvedPart = /^resolved\b/i.test(part.title) || undefined;
    return [...part.blocks.flatMap((block) => sources(block)), ...tableQuestions(section, part)].flatMap((found) => {
      const text = plainText(found.source);
      if (text === '' || /^(?:none|n\/a|nothing)\b/i.test(text)) return [];
      const resolved = found.done ?? resolvedPart ?? (isResolved(found.source) || null);
      return [{ text, resolved, position: section.place(found.range) }];
    });
  });
}

type Found = { source: string; range: Range; done: boolean | null };

function sources(block: Block): Found[] {
  if (block.kind === 'list') {
    return block.items.map((item) => ({ source: joined(item.lines), range: item, done: item.done }));
  }
  if (block.kind !== 'paragraph') return [];
  return block.lines
    .filter((line) => /^(?:\*\*)?Q\d+\b/.test(line.text))
    .map((line) => ({ source: line.text, range: line, done: null }));
}

function tableQuestions(section: Section, part: Part): Found[] {
  return tablesOf(part.blocks).flatMap((table) => {
    const { has, source } = readTable(table, columns);
    if (!has('question')) {
      section.report('openQuestion', 'The table has no column for the question.', table);
      return [];
    }
    return table.rows.map((row) => {
      const answered = source(row, 'answer') !== null && !/^(?:open|tbd|pending)\b/i.test(source(row, 'answer') ?? '');
      return { source: source(row, 'question') ?? '', range: row, done: answered ? true : null };
    });
  });
}

/** Struck out, or said to be resolved, answered or decided at the start or after a dash, arrow or full stop. */
function isResolved(source: string): boolean {
  const plain = plainText(source).toLowerCase();
  return /^(?:\*\*)?~~/.test(source) || /(?:^|[—–→.?:)-] ?)(?:✅ ?)?(?:resolved|answered|decided)\b/.test(plain);
}
