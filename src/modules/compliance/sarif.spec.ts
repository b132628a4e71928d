import { describe, expect, test } from 'vitest';
import { inputOf } from '../../../test/support/compliance.js';
import { lendingSpec } from '../../../test/support/lending-spec.js';
import { evaluate } from './evaluation.js';
import { sarifLog } from './sarif.js';

type Region = { startLine: number; endLine?: number; byteOffset?: number; byteLength?: number };
type Result = {
  ruleId: string;
  ruleIndex: number;
  kind: string;
  level: string;
  message: { text: string };
  locations: { physicalLocation: { artifactLocation: { uri: string }; region: Region } }[];
  partialFingerprints?: Record<string, string>;
};
type Log = {
  version: string;
  runs: {
    tool: { driver: { name: string; rules: { id: string; shortDescription: { text: string } }[] } };
    results: Result[];
  }[];
};

const text = lendingSpec()
  .replace(/- \*\*Mitigation\*\*.*\n/, '')
  .replace('## Overview', '## Something');
const evaluation = evaluate(inputOf(text));
const log = sarifLog(evaluation, 'specs/lending.md') as Log;

describe('Findings as SARIF', () => {
  test('are a log of version 2.1.0 with every property that its schema requires', () => {
    expect(log.version).toBe('2.1.0');
    const [run] = log.runs;
    expect(run?.tool.driver.name).toBe('Specline');
    const ids = run?.tool.driver.rules.map(({ id }) => id) ?? [];
    expect(new Set(ids).size).toBe(ids.length);
    for (const result of run?.results ?? []) {
      expect(ids[result.ruleIndex]).toBe(result.ruleId);
      expect(result.message.text).not.toBe('');
      expect(['fail', 'review']).toContain(result.kind);
      // Section 3.27.10: a result that is no failure has the level none.
      expect(result.level === 'none').toBe(result.kind !== 'fail');
      expect(['none', 'note', 'warning', 'error']).toContain(result.level);
      for (const { physicalLocation } of result.locations) {
        expect(physicalLocation.artifactLocation.uri).toBe('specs/lending.md');
        expect(physicalLocation.region.startLine).toBeGreaterThan(0);
        expect(physicalLocation.region.endLine ?? Infinity).toBeGreaterThanOrEqual(physicalLocation.region.startLine);
      }
    }
    expect(run?.results).toHaveLength(
      [...evaluation.rows, ...evaluation.consistency].flatMap(({ findings }) => findings).length,
    );
  });
  test('point at the text that they are about', () => {
    const result = log.runs[0]?.results.find(({ ruleId }) => ruleId === 'template.risks.complete');
    const {
      byteOffset = 0,
      byteLength = 0,
      startLine,
    } = result?.locations[0]?.physicalLocation.region ?? { startLine: 0 };
    expect(
      Buffer.from(text)
        .subarray(byteOffset, byteOffset + byteLength)
        .toString(),
    ).toContain('A tool is lent twice');
    expect(text.split('\n')[startLine - 1]).toContain('A tool is lent twice');
    expect(result?.level).toBe('error');
  });
  test('keep their fingerprint when the text around them moves', () => {
    const moved = sarifLog(
      evaluate(inputOf(text.replace('## TLDR\n', '## TLDR\nMore.\n\n'))),
      'specs/lending.md',
    ) as Log;
    const prints = (one: Log) => one.runs[0]?.results.map(({ partialFingerprints }) => partialFingerprints);
    expect(prints(moved)).toEqual(prints(log));
  });
});
