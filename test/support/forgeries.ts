import fc from 'fast-check';
import { expect } from 'vitest';
import { chainHash, stateEvent } from '../../src/modules/event-store/history.js';
import type { EventLine } from '../../src/modules/audit/evidence-line.js';
import type { Check } from '../../src/modules/audit/verification-problem.js';
import type { Report } from '../../src/modules/audit/verification.js';
import type { History, Lines } from './evidence.js';
import { fileOf, historyLines, makeHistory, verify, withLines } from './evidence.js';

export const histories = fc
  .record({
    picks: fc.array(fc.nat(3), { minLength: 3, maxLength: 60 }),
    stretches: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
    rotateAfter: fc.integer({ min: 1, max: 12 }),
  })
  .map(({ picks, stretches, rotateAfter }) => makeHistory(picks, stretches, rotateAfter));

export const first = <T>(list: readonly T[]): T => list[0] ?? expect.fail('the list is empty');
export const at = <T>(list: readonly T[], place: number): T =>
  list[place % list.length] ?? expect.fail('the list is empty');
export const isEvent = (line: Lines[number]): line is EventLine => line.kind === 'event';
export const checks = ({ problems }: Report): Check[] => problems.map(({ check }) => check);

/** The file after a change that its author could not sign for: the end is the old one. */
function tampered(history: History, change: (lines: Lines) => Lines): string {
  const signed = fileOf(historyLines(history), first(history.keys));
  const end = signed.trimEnd().split('\n').at(-1) ?? '';
  return withLines(fileOf(change(structuredClone(historyLines(history))), first(history.keys)), (lines) => [
    ...lines.slice(0, -1),
    end,
  ]);
}

/** The file that the service itself would sign after its tables were changed behind its back. */
export const exportedAfter = (history: History, change: (lines: Lines) => Lines): string =>
  fileOf(change(structuredClone(historyLines(history))), first(history.keys));

/** Changes the event lines, whatever stands between them. */
export const inEvents =
  (change: (line: EventLine) => EventLine[]) =>
  (lines: Lines): Lines =>
    lines.flatMap((line): Lines => (isEvent(line) ? change(line) : [line]));

export async function verifyHistory(history: History, change: (lines: Lines) => Lines): Promise<Report> {
  const report = await verify(exportedAfter(history, change), [first(history.keys)]);
  const unsigned = await verify(tampered(history, change), [first(history.keys)]);
  // What changes a file after it was signed is told as well.
  expect(checks(unsigned)).toContain('file_altered');
  expect(unsigned.problems.filter(({ check }) => check !== 'file_altered')).toEqual(report.problems);
  return report;
}

export const rehashed = (line: EventLine): EventLine => ({
  ...line,
  hash: chainHash(line.previousHash, stateEvent(line.event)),
});

/** What one change to an event does to it: of each, the verifier must name the event. */
export const alterations: Record<string, (line: EventLine) => EventLine> = {
  payload: (line) => ({ ...line, event: { ...line.event, payload: { ...line.event.payload, body: 'forged' } } }),
  'payload and hash': (line) => rehashed({ ...line, event: { ...line.event, payload: {} } }),
  actor: (line) => {
    const actor = { id: 'eve', kind: 'human' as const, name: 'Eve' };
    return { ...line, event: { ...line.event, metadata: { ...line.event.metadata, actor } } };
  },
  time: (line) => rehashed({ ...line, event: { ...line.event, recordedAt: '2020-01-01T00:00:00.000Z' } }),
  type: (line) => ({ ...line, event: { ...line.event, type: 'spec.document.retitled' } }),
  stream: (line) => rehashed({ ...line, event: { ...line.event, streamId: '01994f6e-0000-7000-8000-00000000f0f0' } }),
  version: (line) => ({ ...line, event: { ...line.event, version: line.event.version + 1 } }),
  hash: (line) => ({ ...line, hash: '0'.repeat(64) }),
  'previous hash': (line) => ({ ...line, previousHash: '1'.repeat(64) }),
};
