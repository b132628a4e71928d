import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { History, Lines } from '../../../test/support/evidence.js';
import { fileOf, historyLines, makeHistory, makeKey, sealHistory, specLines } from '../../../test/support/evidence.js';
import {
  at,
  checks,
  exportedAfter,
  first,
  histories,
  inEvents,
  isEvent,
  rehashed,
} from '../../../test/support/forgeries.js';
import { readEarlierEvidence, verifyEvidence } from './evidence-reader.js';

const keysOf = ({ keys }: History) => keys.map(({ published }) => published.publicKey);
const wholeFile = (history: History) => fileOf(historyLines(history), first(history.keys));
const remembered = (history: History, file = wholeFile(history)) =>
  readEarlierEvidence([Buffer.from(file)], keysOf(history));

/** The file that ends with the seal at a place. */
function upTo(history: History, place: number): Lines {
  const lines = historyLines(history);
  const seal = at(history.seals, place).seal;
  return lines.slice(0, lines.findIndex((line) => line.kind === 'seal' && line.seal.number === seal.number) + 1);
}

describe('a file held against an earlier one', () => {
  test('is verified where history was only added to', async () => {
    await fc.assert(
      fc.asyncProperty(histories, fc.nat(), async (history, place) => {
        const earlier = await remembered(history, fileOf(upTo(history, place), first(history.keys)));
        const report = await verifyEvidence([Buffer.from(wholeFile(history))], keysOf(history), { earlier });
        expect(report.problems).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  test('names what it leaves out, though it is true by itself', async () => {
    const history = makeHistory([0, 1, 0, 1, 0], [2]);
    const file = fileOf(upTo(history, 1), first(history.keys));
    expect((await verifyEvidence([Buffer.from(file)], keysOf(history))).problems).toEqual([]);
    const report = await verifyEvidence([Buffer.from(file)], keysOf(history), { earlier: await remembered(history) });
    expect(report.problems).toMatchObject([
      { check: 'missing_seal', seal: 3 },
      { check: 'event_removed', position: 5 },
    ]);
  });

  test('names the event that was changed, whoever sealed everything anew', async () => {
    await fc.assert(
      fc.asyncProperty(histories, fc.nat(), async (history, pick) => {
        const { position, event } = at(history.events, pick);
        const forged = history.events.map((line) =>
          line.position === position ? rehashed({ ...line, event: { ...line.event, payload: {} } }) : line,
        );
        const sizes = history.seals.map(({ hashes }) => hashes.length);
        const resealed = sealHistory(forged, sizes);
        const keys = [...keysOf(history), ...keysOf(resealed)];
        const report = await verifyEvidence([Buffer.from(wholeFile(resealed))], keys, {
          earlier: await remembered(history),
        });
        expect(report.problems).toContainEqual(
          expect.objectContaining({ check: 'event_altered', position, eventId: event.eventId }),
        );
        expect(report.firstEvent).toMatchObject({ position });
        expect(checks(report)).toContain('forked_seal');
      }),
      { numRuns: 30 },
    );
  });

  test('tells nothing twice', async () => {
    const history = makeHistory([0, 1, 0, 1, 0], [2]);
    const change = inEvents((line) => (line.position === 3 ? [] : [line]));
    const file = exportedAfter(history, change);
    const report = await verifyEvidence([Buffer.from(file)], keysOf(history), { earlier: await remembered(history) });
    expect(report.problems.filter(({ position }) => position === 3)).toHaveLength(1);
  });
});

describe('an earlier file', () => {
  const history = makeHistory([0, 1, 0, 1, 0], [2]);

  test('is not relied on where it is not true itself', async () => {
    const altered = exportedAfter(
      history,
      inEvents((line) => (line.position === 2 ? [] : [line])),
    );
    await expect(remembered(history, altered)).rejects.toThrow('it is not verified itself');
    const stranger = makeKey().published.publicKey;
    await expect(readEarlierEvidence([Buffer.from(wholeFile(history))], [stranger])).rejects.toThrow('not verified');
  });

  test('is one of the whole organization', async () => {
    const { streamId } = first(historyLines(history).filter(isEvent)).event;
    const file = fileOf(specLines(history, streamId), first(history.keys));
    await expect(remembered(history, file)).rejects.toThrow('it is about one spec');
  });

  test('of another organization is held against nothing', async () => {
    const other = makeHistory([0], [1], Infinity, '01994f6e-0000-7000-8000-000000000002');
    const lines = historyLines(other).map((line) =>
      line.kind === 'header' ? { ...line, organizationId: '01994f6e-0000-7000-8000-000000000002' } : line,
    );
    const earlier = await remembered(other, fileOf(lines, first(other.keys)));
    const report = await verifyEvidence([Buffer.from(wholeFile(history))], keysOf(history), { earlier });
    expect(checks(report)).toEqual(['wrong_organization']);
  });
});
