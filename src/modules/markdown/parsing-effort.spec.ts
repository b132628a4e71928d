import { describe, expect, test } from 'vitest';
import { parsingEffort, reasonNotToParse } from './parsing-effort.js';

const reason = (text: string) => reasonNotToParse(text, parsingEffort(text));

describe('reasonNotToParse', () => {
  test.each([
    ['nested lists', '- a\n  - b\n'.repeat(20_000)],
    ['lazy continuation', `> a\n${'b\n'.repeat(5_000)}`],
    ['quotes one after another', '> a\n\n'.repeat(4_000)],
    ['quotes and lists in turn', '> a\n- b\n'.repeat(4_000)],
    ['deep nesting on one line', '- '.repeat(200)],
    ['deep nesting by indentation', Array.from({ length: 120 }, (_, depth) => `${'  '.repeat(depth)}- a`).join('\n')],
    ['very many lines', 'a\n'.repeat(100_000)],
    ['very many cells', '|'.repeat(200_000)],
    ['very much SQL', `alter table a add b int${' default 1'.repeat(20)};\n`.repeat(1000)],
    ['length', 'a'.repeat(600_000)],
  ])('refuses %s', (_name, text) => {
    expect(reason(text)).not.toBeNull();
  });

  test('takes what people write', () => {
    expect(reason(`${'> **Note**: see below.\n> It goes on.\n\nText.\n\n- One\n- Two\n\n'.repeat(200)}`)).toBeNull();
    expect(reason(`## A\n\n${'- item\n  - nested\n  more\n\n'.repeat(200)}${'| a | b |\n'.repeat(500)}`)).toBeNull();
  });
});

test('counts marks as nesting, but not rules and indented code', () => {
  expect(parsingEffort('> - 1. a').nesting).toBe(3);
  expect(parsingEffort(`${' '.repeat(400)}text`).nesting).toBe(0);
});
