import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SourceStatement } from '../../events/rule-source.events.js';
import { readRuleStatements } from '../markdown/rule-statements.js';
import { identify } from './statement-identity.decider.js';

const read = (markdown: string, present: readonly SourceStatement[] = [], gone: readonly SourceStatement[] = []) =>
  identify('AGENTS.md', present, gone, readRuleStatements(markdown));
const items = (...texts: string[]) => texts.map((text) => `- You MUST ${text}.\n`).join('');

describe('the ids of statements', () => {
  test('follow from path and text, and tell the same text apart', () => {
    const { statements } = read(items('ask', 'ask', 'wait'));
    const [first, second, third] = statements.map(({ statementId }) => statementId);
    expect(first).toMatch(/^[0-9a-f]{12}$/);
    expect(second).toBe(`${first}-2`);
    expect(third).not.toBe(first);
    const elsewhere = identify('other/AGENTS.md', [], [], readRuleStatements(items('ask')));
    expect(elsewhere.statements[0]?.statementId).not.toBe(first);
  });

  test('stay with their heading where the same words stand under two', () => {
    const under = (heading: string) => `## ${heading}\n\n${items('ask first')}\n`;
    const before = read(under('Reads') + under('Writes'));
    const [, writes] = before.statements;
    const after = read(under('Writes'), before.statements);
    expect(after.statements.map(({ statementId }) => statementId)).toEqual([writes?.statementId]);
    expect([after.added, after.changed, after.removed.length]).toEqual([[], [], 1]);
  });

  test('stay with the statement that an edited one is likest to', () => {
    const before = read(items('scope every query to the tenant', 'scope every cache key to the tenant'));
    const after = read(
      items('scope every cache key to its tenant', 'scope every query to the tenant id'),
      before.statements,
    );
    expect(after.statements.map(({ statementId }) => statementId)).toEqual(
      before.statements.map(({ statementId }) => statementId).reverse(),
    );
    expect([after.added, after.removed, after.changed.length]).toEqual([[], [], 2]);
  });

  test('count another word of force as a change, and emphasis or white space as none', () => {
    const before = read('- **MUST ask** first\n');
    expect(read('- MUST  ask\n  first\n', before.statements)).toMatchObject({ added: [], changed: [], removed: [] });
    const { statementId } = before.statements[0] ?? {};
    expect(read('- SHOULD ask first\n', before.statements).changed).toEqual([statementId]);
  });

  test('are new for what shares too few words with anything before', () => {
    const before = read(items('scope every query to the tenant'));
    const after = read(items('log nothing that is secret'), before.statements);
    expect([after.added.length, after.changed, after.removed.length]).toEqual([1, [], 1]);
  });

  test('are found for the largest file when every line of it is another', () => {
    const file = (word: string) => items(...Array.from({ length: 2000 }, (_, at) => `${word} the thing number ${at}`));
    const before = read(file('keep'));
    const { statements } = read(file('leave'), before.statements);
    expect(new Set(statements.map(({ statementId }) => statementId)).size).toBe(2000);
  });

  const texts = fc.uniqueArray(fc.stringMatching(/^[a-d]{1,3}( [a-d]{1,3}){0,4}$/), { minLength: 1, maxLength: 12 });

  test('survive any edit elsewhere: of what stays word for word each keeps its own, in any order', () => {
    fc.assert(
      fc.property(texts, texts, fc.infiniteStream(fc.nat()), (before, other, order) => {
        const known = read(items(...before));
        const shuffled = [...before, ...other.filter((text) => !before.includes(text))]
          .map((text) => ({ text, at: order.next().value as number }))
          .sort((a, b) => a.at - b.at)
          .map(({ text }) => text);
        const ids = new Map(known.statements.map(({ text, statementId }) => [text, statementId]));
        const after = read(items(...shuffled), known.statements);
        for (const { text, statementId } of after.statements) {
          if (ids.has(text)) expect(statementId).toBe(ids.get(text));
        }
        expect([after.changed, after.removed]).toEqual([[], []]);
      }),
    );
  });

  test('are unique, and every one is there before or after exactly as the changes say', () => {
    fc.assert(
      fc.property(texts, texts, texts, (first, second, third) => {
        const one = read(items(...first, ...first));
        const two = read(items(...second), one.statements);
        const gone = one.statements.filter(({ statementId }) => two.removed.includes(statementId));
        const three = read(items(...third, ...first), two.statements, gone);
        const [before, after] = [two, three].map(({ statements }) => statements.map((each) => each.statementId));
        expect(new Set(after).size).toBe(after?.length);
        const came = after?.filter((id) => !before?.includes(id)) ?? [];
        expect([...three.added].sort()).toEqual(came.sort());
        expect([...three.removed].sort()).toEqual((before ?? []).filter((id) => !after?.includes(id)).sort());
        expect(three.changed.every((id) => before?.includes(id) && after?.includes(id))).toBe(true);
      }),
    );
  });
});
