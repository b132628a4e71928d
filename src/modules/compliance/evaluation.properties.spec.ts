import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inputOf } from '../../../test/support/compliance.js';
import { lendingSpec } from '../../../test/support/lending-spec.js';
import { evaluate } from './evaluation.js';
import type { SectionReading } from './section-reading.js';

const body = '- `POST /api/lending/tools`\n- `id`: uuid\n- `a.b.c`\n';
const pieces = [
  ...['API Contracts', 'Data Models', 'Commands', 'UI/UX', 'Anything'].map((heading) => `## ${heading}\n${body}`),
  ...lendingSpec().split(/(?=^## )/m),
  ...lendingSpec('table').split(/(?=^## )/m),
  '## Custom\n| a | b |\n|---|---|\n| `x.y.z` | [y](#nowhere) |\n',
  '## API Contracts\n- `POST /api/other/{id}`\n',
  '## Risks\n#### R1: One\n- **Severity**: Low\n',
  '```\n## not a heading\n',
  'ünïcödé 🛠️ [phrase]\r\n',
];
const text = fc
  .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 30 })), { maxLength: 14 })
  .map((parts) => parts.join('\n'));

describe('Evaluating again after an edit', () => {
  test('with what is remembered of sections gives what evaluating the whole gives', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), (versions) => {
        const memo = new Map<string, SectionReading>();
        for (const version of versions) {
          const input = inputOf(version);
          expect(evaluate(input, memo)).toEqual(evaluate(input));
        }
      }),
      { numRuns: 60 },
    );
  });
  test('reads only the section that changed', () => {
    const memo = new Map<string, SectionReading>();
    evaluate(inputOf(lendingSpec()), memo);
    const before = memo.size;
    evaluate(inputOf(lendingSpec().replace('has the drill', 'has the saw')), memo);
    expect(memo.size).toBe(before + 1);
  });
});

describe('Any text', () => {
  test('is judged: no text makes the engine throw, and no evidence leaves the document', () => {
    fc.assert(
      fc.property(text, (markdown) => {
        const { rows, consistency } = evaluate(inputOf(markdown));
        const length = Buffer.byteLength(markdown);
        for (const { evidence } of [...rows, ...consistency].flatMap(({ findings }) => findings)) {
          for (const { start, end, line, endLine } of evidence) {
            expect(start <= end && end <= length && line <= endLine).toBe(true);
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});
