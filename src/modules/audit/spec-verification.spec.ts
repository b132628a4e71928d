import { describe, expect, test } from 'vitest';
import type { Lines } from '../../../test/support/evidence.js';
import { fileOf, makeHistory, makeKey, specLines, verify, withLines } from '../../../test/support/evidence.js';
import { alterations, at, checks, first, inEvents, isEvent } from '../../../test/support/forgeries.js';
import type { EventLine } from './evidence-line.js';

describe('the file of one spec', () => {
  const history = makeHistory([0, 1, 0, 2, 0, 1, 0, 0, 2], [2], 2);
  const specId = at(history.events, 0).event.streamId;
  const lines = () => structuredClone(specLines(history, specId));
  const own = history.events.filter(({ event }) => event.streamId === specId);
  const verifyLines = (changed: Lines) => verify(fileOf(changed, at(history.keys, 1)), [first(history.keys)]);

  test('is verified by the proof of each event', async () => {
    const report = await verifyLines(lines());
    expect(report).toMatchObject({ verified: true, specId, events: own.length, seals: 1, problems: [] });
  });

  test.each(Object.entries(alterations))('names the event whose %s was altered', async (name, alter) => {
    for (const { position } of own) {
      const report = await verifyLines(inEvents((line) => [line.position === position ? alter(line) : line])(lines()));
      expect(report.verified).toBe(false);
      expect(report.firstEvent, name).toMatchObject({ position });
    }
  });

  test('names a version that is missing, one that is there twice, and one that stands too late', async () => {
    const [one, two, three] = own as [EventLine, EventLine, EventLine];
    const without = await verifyLines(inEvents((line) => (line.position === two.position ? [] : [line]))(lines()));
    expect(without.problems).toMatchObject([{ check: 'event_removed', streamId: specId, version: 2 }]);
    const twice = await verifyLines(
      inEvents((line) => (line.position === two.position ? [line, line] : [line]))(lines()),
    );
    expect(twice.problems).toMatchObject([{ check: 'event_inserted', version: 2, position: two.position }]);
    const proofs = lines().filter(isEvent);
    const late = [three, two].map(({ position }) => proofs.find((line) => line.position === position) ?? expect.fail());
    const swapped = await verifyLines(
      inEvents((line) => (line.position === two.position ? late : line.position === three.position ? [] : [line]))(
        lines(),
      ),
    );
    expect(checks(swapped)).toEqual(['event_removed', 'event_reordered']);
    expect(one.position).toBe(1);
  });

  test('lets no event pass by the proof of another, a proof of another size, or none', async () => {
    const proofs = lines()
      .filter(isEvent)
      .map(({ proof }) => proof);
    for (const proof of [proofs[1], proofs[0]?.slice(1), [...(proofs[0] ?? []), 'd'.repeat(64)], []]) {
      const report = await verifyLines(inEvents((line) => [line.position === 1 ? { ...line, proof } : line])(lines()));
      expect(report.problems[0]).toMatchObject({ check: 'wrong_proof', position: 1 });
    }
  });

  test('that leaves out the last events cannot be signed by who has no key', async () => {
    const end = fileOf(lines(), at(history.keys, 1)).trimEnd().split('\n').at(-1) ?? '';
    const shorter = fileOf(lines().slice(0, -1), makeKey());
    const report = await verify(
      withLines(shorter, (all) => [...all.slice(0, -1), end]),
      history.keys,
    );
    expect(new Set(checks(report))).toEqual(new Set(['file_altered']));
  });

  test('tells events that the ledger does not know, or knows and history has no more', async () => {
    const { position, hash, event } = own.at(-1) ?? expect.fail();
    const { streamId, version, eventId } = event;
    const unknown = await verifyLines(
      inEvents((line) => [line.position === position ? { ...line, position: null } : line])(lines()),
    );
    expect(unknown.problems).toMatchObject([{ check: 'event_inserted', version, eventId }]);
    const gone = { kind: 'missing' as const, position: position ?? 0, streamId, version, eventId, hash };
    const removed = await verifyLines([...lines().slice(0, -1), gone]);
    expect(removed.problems).toMatchObject([{ check: 'event_removed', position, streamId, version, eventId }]);
  });

  test('needs a seal, of this organization, and one only', async () => {
    expect(checks(await verifyLines(lines().filter(({ kind }) => kind !== 'seal')))).toContain('missing_seal');
    const twice = lines().flatMap((line): Lines => (line.kind === 'seal' ? [line, line] : [line]));
    expect(checks(await verifyLines(twice))).toEqual(['forked_seal']);
  });
});
