import type { Fence, Line } from './tree.js';

/**
 * Code is read up to here, in characters: a whole block, an SQL statement (its parser is slow on long ones), a line.
 * More than this is no example a person wrote.
 */
export const codeLimits = { fence: 64 * 1024, statement: 8 * 1024, line: 1000 } as const;

/** Whether a code block names no language, or says that it holds plain text. */
export const isPlainText = (fence: Fence): boolean => /^(?:text|plaintext|txt)?$/.test(fence.language);

/** The lines of a code block without indentation. Empty and overlong lines are left out. */
export function fenceLines(fence: Fence): Line[] {
  return [...fence.content.matchAll(/[^\r\n]+/g)].flatMap((match) => {
    const text = match[0].trim();
    if (text === '' || text.length > codeLimits.line) return [];
    const indent = match[0].length - match[0].trimStart().length;
    const start = (fence.contentStart ?? 0) + match.index + indent;
    const range =
      fence.contentStart === null ? { start: fence.start, end: fence.end } : { start, end: start + text.length };
    return [{ ...range, text }];
  });
}
