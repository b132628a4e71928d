import { describe, expect, test } from 'vitest';
import { delimiterCells, headCells } from './table-rows.js';

describe('The head of a table', () => {
  test.each([
    ['a', 1],
    ['a | b', 2],
    ['| a | b |', 2],
    ['|a|b|  ', 2],
    ['a \\| b', 1],
    ['a \\\\| b', 2],
    ['|', 0],
    ['| |', 1],
    ['', 0],
  ])('%j has %i cells', (line, cells) => {
    expect(headCells(line)).toBe(cells);
  });
});

describe('A delimiter row', () => {
  test.each([
    ['|-|', 1],
    [':-', 1],
    ['-|-', 2],
    ['| :-: | --- |', 2],
    ['|-', 1],
    ['---', 0],
    ['|', 0],
    ['a|b', 0],
    ['-|a', 0],
    ['||-|', 0],
    ['- -|-', 0],
    ['-|-\\', 0],
  ])('%j has %i cells', (line, cells) => {
    expect(delimiterCells(line)).toBe(cells);
  });
});
