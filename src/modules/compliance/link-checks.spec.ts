import { describe, expect, test } from 'vitest';
import { inputOf, rowsOf } from '../../../test/support/compliance.js';
import { evaluate } from './evaluation.js';
import type { FileTree } from './evaluation-input.js';
import { fileTree } from './evaluation-input.js';

const files: FileTree = {
  path: 'specs/done/one.md',
  root: 'specs',
  known: new Set(['specs/done/one.md', 'specs/two.md', 'specs/Größe 3.md', 'AGENTS.md']),
};

/** The links that lead nowhere. */
const broken = (markdown: string, tree: FileTree | null = files): string[] => {
  const row = rowsOf(evaluate(inputOf(markdown, { files: tree }))).find(
    ({ ruleId }) => ruleId === 'template.links.resolve',
  );
  return row?.findings.map(({ elements }) => elements[0]?.key ?? '') ?? [];
};

describe('A relative link', () => {
  test.each([
    '../two.md',
    './../two.md',
    '../two.md#part',
    '../Gr%C3%B6%C3%9Fe%203.md',
    '<../Größe 3.md>',
    '../../AGENTS.md',
    'one.md',
  ])('to %s leads somewhere', (target) => {
    expect(broken(`## TLDR\n[it](${target})\n`)).toEqual([]);
  });
  test.each(['two.md', '../three.md', './TWO.md'])('to %s leads nowhere', (target) => {
    expect(broken(`# T\n\n[it](${target})\n\n## TLDR\nText\n`)).toEqual([target]);
  });
  test.each([
    'https://x.io/a.md',
    'mailto:a@b.io',
    '../../docs/a.md',
    '../../../../up.md',
    '/a.md',
    '../code.ts',
    '//x/a.md',
  ])('to %s is not judged', (target) => {
    expect(broken(`## TLDR\n[it](${target})\n`)).toEqual([]);
  });
  test('counts as a definition and in a table, not in code', () => {
    expect(
      broken('## TLDR\n[a]: three.md\n\n| a |\n|---|\n| [b](four.md) |\n\n`[c](five.md)`\n\n```\n[d](six.md)\n```\n'),
    ).toEqual(['three.md', 'four.md']);
  });
  test('is judged in the whole repository where all of its files are told', () => {
    const tree = fileTree({ path: 'specs/done/one.md', files: ['AGENTS.md', 'specs/two.md'] });
    const links =
      '[a](../../AGENTS.md) [b](../two.md) [c](../three.md) [d](../../README.md) [e](../../../far.md) [f](x.ts)';
    expect(broken(`## TLDR\n${links}\n`, tree)).toEqual(['../three.md', '../../README.md']);
    expect(fileTree({ files: ['AGENTS.md'] })).toBeNull();
    expect(fileTree({ path: 'one.md' })).toBeNull();
  });

  test('to a file is not judged where nothing is known of files', () => {
    expect(broken('## TLDR\n[it](three.md)\n', null)).toEqual([]);
  });
  test('leads to headings of the document by their anchors', () => {
    const text =
      '## Use `x` & y\n[a](#use-x--y) [b](#more-1) [c](#Named) [d](#more-2)\n<a id="named"></a>\n### More\n## More\n';
    expect(broken(text)).toEqual(['#more-2']);
  });
});
