import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Lines } from '../../../test/support/evidence.js';
import {
  fileOf,
  historyLines,
  makeEvent,
  makeHistory,
  organizationId,
  sealHistory,
  verify,
} from '../../../test/support/evidence.js';
import {
  alterations,
  at,
  checks,
  exportedAfter,
  first,
  histories,
  inEvents,
  isEvent,
  rehashed,
  verifyHistory,
} from '../../../test/support/forgeries.js';
import type { EventLine } from './evidence-line.js';

describe('a true history', () => {
  test('is verified with any one of its keys, however the bytes come', async () => {
    await fc.assert(
      fc.asyncProperty(histories, fc.nat(), fc.integer({ min: 1, max: 5000 }), async (history, pick, chunk) => {
        const file = fileOf(historyLines(history), at(history.keys, -1 + history.keys.length));
        const report = await verify(file, [at(history.keys, pick)], [], chunk);
        expect(report.problems).toEqual([]);
        expect(report).toMatchObject({
          verified: true,
          organizationId,
          events: history.events.length,
          firstEvent: null,
        });
        expect(report.lastSeal).toMatchObject(at(history.seals, history.seals.length - 1).seal);
      }),
      { numRuns: 40 },
    );
  });

  test('holds the seals that were seen earlier', async () => {
    const history = makeHistory([0, 1, 0, 1, 0], [2]);
    const seen = history.seals.map(({ seal }) => seal);
    const file = fileOf(historyLines(history), first(history.keys));
    expect((await verify(file, history.keys, seen)).problems).toEqual([]);
  });
});

describe('one event of a history', () => {
  test.each(Object.entries(alterations))('whose %s was altered is named, and no other', async (_, alter) => {
    await fc.assert(
      fc.asyncProperty(histories, fc.nat(), async (history, pick) => {
        const { position, event } = at(history.events, pick);
        const report = await verifyHistory(
          history,
          inEvents((line) => [line.position === position ? alter(line) : line]),
        );
        expect(checks(report)).toEqual(['event_altered']);
        expect(report.firstEvent).toMatchObject({ check: 'event_altered', position });
        if (alter !== alterations.stream) expect(report.firstEvent).toMatchObject({ eventId: event.eventId });
      }),
      { numRuns: 15 },
    );
  });

  test('that is missing is named by its place, and by its stream as soon as the next of it comes', async () => {
    await fc.assert(
      fc.asyncProperty(histories, fc.nat(), async (history, pick) => {
        const { position, event } = at(history.events, pick);
        const report = await verifyHistory(
          history,
          inEvents((line) => (line.position === position ? [] : [line])),
        );
        expect(checks(report)).toEqual(['event_removed']);
        const { streamId, version } = event;
        const hasNext = history.events.some((one) => one.event.streamId === streamId && one.event.version > version);
        expect(report.firstEvent).toMatchObject({ position, ...(hasNext && { streamId, version }) });
      }),
    );
  });

  test('that is missing from the database is named whole, since the ledger knows it', async () => {
    const history = makeHistory([0, 1, 0, 1, 0], [2]);
    const { event, position, hash } = at(history.events, 4);
    const { streamId, version, eventId } = event;
    const gone = { kind: 'missing' as const, position: position ?? 0, streamId, version, eventId, hash };
    const change = (lines: Lines) => lines.map((line) => (isEvent(line) && line.position === position ? gone : line));
    const report = await verify(exportedAfter(history, change), history.keys);
    expect(report.problems).toMatchObject([{ check: 'event_removed', position, streamId, version, eventId }]);
  });

  test('that stands there twice is named', async () => {
    await fc.assert(
      fc.asyncProperty(histories, fc.nat(), async (history, pick) => {
        const { position, event } = at(history.events, pick);
        const report = await verifyHistory(
          history,
          inEvents((line) => (line.position === position ? [line, line] : [line])),
        );
        expect(report.problems).toMatchObject([{ check: 'event_inserted', position, eventId: event.eventId }]);
      }),
      { numRuns: 20 },
    );
  });

  test('that was inserted with the right hashes is named, and those around it are not', async () => {
    await fc.assert(
      fc.asyncProperty(histories, fc.nat(), fc.boolean(), async (history, pick, numbered) => {
        const { position, event, hash } = at(history.events, pick);
        const forged = makeEvent(organizationId, event.streamId, event.version + 1, 'forged');
        const line: EventLine = rehashed({
          kind: 'event',
          event: forged,
          position: numbered ? position : null,
          previousHash: hash,
          hash: '',
        });
        const report = await verifyHistory(
          history,
          inEvents((one) => (one.position === position ? [one, line] : [one])),
        );
        expect(report.problems).toMatchObject([{ check: 'event_inserted', eventId: forged.eventId }]);
      }),
      { numRuns: 20 },
    );
  });

  test('that changed places with another is named, and so is the other', async () => {
    await fc.assert(
      fc.asyncProperty(histories, fc.nat(), fc.boolean(), async (history, pick, renumbered) => {
        const { seal, hashes } = at(history.seals, pick);
        fc.pre(hashes.length > 1);
        const [a, b] = [seal.size - hashes.length, seal.size - 1].map((index) => at(history.events, index));
        if (!a || !b) throw new Error('a stretch of two has two ends');
        const instead = (line: EventLine, other: EventLine) => {
          return renumbered ? { ...other, position: line.position } : other;
        };
        const report = await verifyHistory(
          history,
          inEvents((line) => [
            line.hash === a.hash ? instead(line, b) : line.hash === b.hash ? instead(line, a) : line,
          ]),
        );
        expect(report.problems).toMatchObject([
          { check: 'event_reordered', position: a.position, eventId: a.event.eventId },
          { check: 'event_reordered', position: b.position, eventId: b.event.eventId },
        ]);
      }),
      { numRuns: 30 },
    );
  });

  test('that moved behind another seal is missing where it was and too much where it is', async () => {
    const history = makeHistory([0, 1, 2, 0, 1, 2], [2]);
    const moved = at(history.events, 0);
    const report = await verifyHistory(history, (lines) => {
      const others = lines.filter((line) => !(isEvent(line) && line.position === 1));
      const last = others.findLastIndex(isEvent);
      return others.toSpliced(last, 0, moved);
    });
    expect(report.problems).toMatchObject([
      { check: 'event_removed', position: 1 },
      { check: 'event_inserted', eventId: moved.event.eventId },
    ]);
  });
});

describe('two events of a history', () => {
  test('that were altered, removed or inserted in any combination are both named', async () => {
    const forms = ['payload', 'payload and hash', 'hash'].map((name) => alterations[name] ?? expect.fail());
    const changes = [
      ...forms.map((alter) => (line: EventLine) => [alter(line)]),
      () => [],
      (line: EventLine) => [line, line],
    ];
    await fc.assert(
      fc.asyncProperty(histories, fc.nat(), fc.nat(), fc.nat(), async (history, one, two, how) => {
        const [a, b] = [at(history.events, one).position, at(history.events, two).position];
        fc.pre(a !== b);
        const report = await verifyHistory(
          history,
          inEvents((line) =>
            line.position === a
              ? at(changes, how)(line)
              : line.position === b
                ? at(changes, Math.floor(how / changes.length))(line)
                : [line],
          ),
        );
        expect(report.problems.map(({ position }) => position)).toEqual([a, b].sort((x, y) => (x ?? 0) - (y ?? 0)));
        expect(report.firstEvent?.position).toBe(Math.min(a ?? 0, b ?? 0));
      }),
      { numRuns: 60 },
    );
  });
});

describe('a history that was sealed with a stream that is no chain', () => {
  const { events } = makeHistory([0, 0, 0, 1, 0], [2]);
  const verifySealed = (changed: EventLine[]) => {
    const history = sealHistory(changed, [2]);
    return verify(fileOf(historyLines(history), first(history.keys)), history.keys);
  };

  test('is verified as long as it is one', async () => {
    expect((await verifySealed(events)).problems).toEqual([]);
  });

  test('names the version before which one is missing', async () => {
    const gap = events.filter((_, place) => place !== 1).map((line, place) => ({ ...line, position: place + 1 }));
    const { streamId, eventId } = at(events, 2).event;
    expect((await verifySealed(gap)).problems).toMatchObject([
      { check: 'broken_chain', position: 2, streamId, version: 3, eventId },
    ]);
  });

  test('names the version that the next one does not follow', async () => {
    const forged = events.map((line, place) =>
      place === 2 ? rehashed({ ...line, previousHash: 'e'.repeat(64) }) : line,
    );
    const { streamId } = at(events, 0).event;
    expect((await verifySealed(forged)).problems).toMatchObject([
      { check: 'broken_chain', position: 2, streamId, version: 2 },
      { check: 'broken_chain', position: 3, streamId, version: 3 },
    ]);
  });
});
