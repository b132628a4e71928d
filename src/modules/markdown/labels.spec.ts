import { expect, test } from 'vitest';
import { firstLabel, leadingLabel, readLabels } from './labels.js';

const labels = { severity: ['severity'], mitigation: ['mitigation', 'mitigations'] } as const;

test.each([
  ['**Severity**: High', 'High'],
  ['**Severity:** High', 'High'],
  ['**Severity.** High', 'High'],
  ['Severity: High', 'High'],
  ['**severity** : `High`', 'High'],
])('reads the label of %j', (source, value) => {
  expect(readLabels(source, labels).severity).toBe(value);
});

test('a value runs to the next known label, unknown labels belong to it', () => {
  const source = '**Severity**: High — **Mitigation**: retry. **Note**: twice';
  expect(readLabels(source, labels)).toEqual({ severity: 'High', mitigation: 'retry. Note: twice' });
});

test('a value may run over several lines', () => {
  expect(readLabels('Mitigations: one\ntwo\nSeverity: Low', labels)).toEqual({
    mitigation: 'one two',
    severity: 'Low',
  });
});

test('a label may start a sentence, and be broken over two lines', () => {
  const source = 'It is late. Severity: high. Residual\nrisk: low';
  expect(readLabels(source, { ...labels, residual: ['residual risk'] })).toEqual({
    severity: 'high.',
    residual: 'low',
  });
});

test.each(['It is late. Severity: that of a delay.', '**Mitigation**: retry. Severity: that of a delay.'])(
  'a sentence alone, or beside labels in bold, is prose: %j',
  (source) => {
    expect(readLabels(source, labels).severity).toBeUndefined();
  },
);

test('words in a sentence are no label', () => {
  expect(readLabels('the severity is high', labels)).toEqual({});
  expect(firstLabel('the severity is high', labels)).toBe(-1);
});

test('the label a text starts with', () => {
  expect(leadingLabel('**Severity.** High', labels)).toBe('severity');
  expect(leadingLabel('High. **Severity.** High', labels)).toBeUndefined();
});
