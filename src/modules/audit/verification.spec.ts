import { describe, expect, test } from 'vitest';
import { fileOf, historyLines, makeHistory, makeKey, verify, withLines } from '../../../test/support/evidence.js';
import { checks, first } from '../../../test/support/forgeries.js';

describe('the file', () => {
  const history = makeHistory([0, 1, 0, 1, 0], [2]);
  const file = fileOf(historyLines(history), first(history.keys));

  test('that was cut off anywhere is told to be', async () => {
    for (let end = 0; end < file.length; end += 97) {
      expect(checks(await verify(file.slice(0, end), history.keys))).toContain('truncated');
    }
    expect(checks(await verify(file.slice(0, -1), history.keys))).toEqual(['truncated']);
  });

  test('is told to be altered for any byte that is changed', async () => {
    const bytes = Buffer.from(file);
    for (let place = 0; place < bytes.length; place += 53) {
      const changed = Buffer.from(bytes);
      changed[place] = (changed[place] ?? 0) ^ 1;
      expect((await verify(changed.toString('latin1'), history.keys)).verified).toBe(false);
    }
  });

  test('with a line that is no canonical JSON names the line, and reads on', async () => {
    const spoil: ((line: string) => string)[] = [
      (line) => line.replace(':', ': '),
      (line) => line.replace('{', '{"a":1,'),
      (line) => line.replace('"kind"', '"kind":"x","kind"'),
      (line) => `\ufeff${line}`,
      (line) => line.replace('"position":1', '"position":1.0'),
      (line) => line.replace('"position":1', '"position":9007199254740993'),
      () => '[]',
      () => 'null',
      () => '"text"',
      () => '{"kind":"constructor"}',
      () => '['.repeat(100_000),
      () => '',
    ];
    for (const change of spoil) {
      const changed = withLines(file, (lines) => lines.map((line, at) => (at === 2 ? change(line) : line)));
      const report = await verify(changed, history.keys);
      expect(report.firstEvent).toMatchObject({ check: 'event_removed', position: 1 });
      expect(report.problems.filter(({ check }) => check === 'malformed_line')).toMatchObject([{ line: 3 }]);
    }
  });

  test('that is no evidence at all is told in one line', async () => {
    for (const text of ['hello\n'.repeat(1000), '{}\n{}\n', `${file.split('\n')[3]}\n${file}`]) {
      const report = await verify(text, history.keys);
      expect(checks(report)).toEqual(['malformed_line', 'truncated']);
    }
    expect(checks(await verify('', history.keys))).toEqual(['truncated']);
  });

  test('with another signature at its end is told to be altered', async () => {
    const other = fileOf(historyLines(makeHistory([0, 1], [1])), first(history.keys));
    const signatureOf = (text: string) => /"signature":"([\w-]{86})"}\n$/.exec(text)?.[1] ?? '';
    const report = await verify(file.replace(signatureOf(file), signatureOf(other)), history.keys);
    expect(checks(report)).toEqual(['file_altered']);
  });

  test('signed by somebody else is told', async () => {
    const other = makeKey();
    const report = await verify(fileOf(historyLines(history), other), history.keys);
    expect(checks(report)).toEqual(['unknown_key']);
  });
});
