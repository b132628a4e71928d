import { describe, expect, test } from 'vitest';
import { rewrittenLines } from './word-changes.js';

describe('Lines that were rewritten', () => {
  test('are told by words, with where they stand on both sides', () => {
    expect(rewrittenLines('Intro.\nKeep them.\nEnd.\n', 'New.\nIntro.\nKeep them for a year.\nEnd.\n')).toEqual([
      {
        beforeLine: 2,
        afterLine: 3,
        words: [
          { change: 'same', text: 'Keep them' },
          { change: 'added', text: ' for a year' },
          { change: 'same', text: '.\n' },
        ],
      },
    ]);
  });

  test('lead from one side to the other, word by word', () => {
    const [before, after] = ['It must be fast,\nand cheap.\n', 'It MUST be very fast\nand not dear.\n'];
    const words = rewrittenLines(before, after).flatMap((one) => one.words);
    const side = (without: string) => words.filter(({ change }) => change !== without).map(({ text }) => text);
    expect(side('added').join('')).toBe(before);
    expect(side('removed').join('')).toBe(after);
  });

  test('are no code and no tables: their words mean nothing without the line', () => {
    expect(rewrittenLines('```\nlet a = 1;\n```\n', '```\nlet a = 2;\n```\n')).toEqual([]);
    expect(rewrittenLines('~~~ts\n```\na\n~~~\n', '~~~ts\n```\nb\n~~~\n')).toEqual([]);
    expect(rewrittenLines('| a | b |\n', '| a | c |\n')).toEqual([]);
    expect(rewrittenLines('```\na\n```\nOne.\n', '```\na\n```\nTwo.\n')).toHaveLength(1);
  });

  test('are no lines that only came or only went', () => {
    expect(rewrittenLines('One.\n', 'One.\nTwo.\n')).toEqual([]);
    expect(rewrittenLines('One.\nTwo.\n', 'Two.\n')).toEqual([]);
  });
});
