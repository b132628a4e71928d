import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { History, KeyPair, Lines } from '../../../test/support/evidence.js';
import { fileOf, historyLines, makeHistory, makeKey, organizationId, verify } from '../../../test/support/evidence.js';
import {
  alterations,
  at,
  checks,
  exportedAfter,
  first,
  histories,
  rehashed,
  verifyHistory,
} from '../../../test/support/forgeries.js';
import { emptyLedger, sealEvents } from './ledger.js';
import type { Check } from './verification-problem.js';

/** Rewrites an event and everything that can be computed without a key: hashes, the chain behind it, the lists. */
function rewritten(history: History, position: number): Lines {
  const heads = new Map<string, string>();
  const events = history.events.map((line) => {
    const altered = line.position === position ? alterations.payload?.(line) : undefined;
    const next = rehashed({ ...(altered ?? line), previousHash: heads.get(line.event.streamId) ?? line.previousHash });
    heads.set(line.event.streamId, next.hash);
    return next;
  });
  const seals = history.seals.map(({ seal, hashes }) => {
    return { seal, hashes: events.slice(seal.size - hashes.length, seal.size).map(({ hash }) => hash) };
  });
  return historyLines({ ...history, events, seals });
}

describe('the seals of a history', () => {
  const sealLine = (lines: Lines, number: number) =>
    lines.find((line) => line.kind === 'seal' && line.seal.number === number) as Extract<
      Lines[number],
      { kind: 'seal' }
    >;

  test('tell a history that was rewritten with everything that needs no key, and the stretch it begins in', async () => {
    await fc.assert(
      fc.asyncProperty(histories, fc.nat(), async (history, pick) => {
        const position = (pick % history.events.length) + 1;
        const report = await verify(fileOf(rewritten(history, position), first(history.keys)), history.keys);
        const { seal, hashes } = history.seals.find((one) => one.seal.size >= position) ?? expect.fail();
        expect(checks(report)).toEqual(['wrong_root']);
        const from = seal.size - hashes.length + 1;
        expect(report.firstEvent).toMatchObject({ check: 'wrong_root', seal: seal.number, position: from });
      }),
      { numRuns: 30 },
    );
  });

  test('prove the events even where the ledger’s list of hashes was changed', async () => {
    const history = makeHistory([0, 1, 0, 1, 0], [3]);
    const report = await verifyHistory(history, (lines) => {
      sealLine(lines, 1).hashes?.splice(1, 1, 'a'.repeat(64));
      return lines;
    });
    expect(report.problems).toMatchObject([{ check: 'wrong_ledger', position: 2 }]);
  });

  const forgeries: [string, Check[], (lines: Lines, history: History) => Lines][] = [
    [
      'one with another root',
      ['bad_signature'],
      (lines) => {
        sealLine(lines, 2).seal.root = 'b'.repeat(64);
        return lines;
      },
    ],
    [
      'one with another time',
      ['bad_signature'],
      (lines) => {
        sealLine(lines, 2).seal.sealedAt = '2026-01-02T00:00:01.500Z';
        return lines;
      },
    ],
    [
      'one with another signature',
      ['bad_signature'],
      (lines) => {
        const { seal } = sealLine(lines, 2);
        seal.signature = seal.signature.startsWith('A') ? `B${seal.signature.slice(1)}` : `A${seal.signature.slice(1)}`;
        return lines;
      },
    ],
    ['a missing one', ['missing_seal'], (lines) => lines.filter((line) => line !== sealLine(lines, 2))],
    [
      'one that stands there twice',
      ['forked_seal'],
      (lines) =>
        lines.flatMap((line): Lines => {
          return line === sealLine(lines, 2) ? [line, { ...line, hashes: [] }] : [line];
        }),
    ],
    [
      'a history without any',
      ['missing_seal'],
      (lines) => lines.filter(({ kind }) => kind !== 'seal' && kind !== 'event'),
    ],
  ];
  test.each(forgeries)('%s is told', async (_, expected, change) => {
    const history = makeHistory([0, 1, 0, 1, 0, 2, 2], [2]);
    const report = await verify(
      exportedAfter(history, (lines) => change(lines, history)),
      history.keys,
    );
    // A changed seal is also not the one that the next one names.
    expect(checks(report).filter((check) => check !== 'forked_seal' || expected.includes(check))).toEqual(expected);
    expect(report.verified).toBe(false);
  });

  test('of a fork, signed with the right key, are told: the next one was made behind another', async () => {
    const history = makeHistory([0, 1, 0, 1, 0, 2], [2]);
    const { hashes } = at(history.seals, 0);
    const bytes = hashes.map((hash) => Buffer.from(hash, 'hex'));
    const fork = sealEvents(emptyLedger(organizationId), bytes, first(history.keys).signer, '2026-01-02T00:00:00.500Z');
    const report = await verify(
      exportedAfter(history, (lines) => {
        sealLine(lines, 1).seal = fork.seal;
        return lines;
      }),
      history.keys,
      [at(history.seals, 0).seal],
    );
    expect(report.problems).toMatchObject([
      { check: 'forked_seal', seal: 1 },
      { check: 'forked_seal', seal: 2 },
    ]);
  });

  test('of another organization are told', async () => {
    const history = makeHistory([0, 1, 0], [3]);
    const { hashes } = at(history.seals, 0);
    const bytes = hashes.map((hash) => Buffer.from(hash, 'hex'));
    const other = sealEvents(emptyLedger(randomUUID()), bytes, first(history.keys).signer, '2026-01-02T00:00:00.000Z');
    const report = await verify(
      exportedAfter(history, (lines) => {
        sealLine(lines, 1).seal = other.seal;
        return lines;
      }),
      history.keys,
    );
    expect(checks(report)).toEqual(['wrong_organization']);
  });

  test('that a file ends before are told, if one of them was seen earlier', async () => {
    const history = makeHistory([0, 1, 0, 1, 0, 2], [2]);
    const earlier = { ...history, events: history.events.slice(0, 4), seals: history.seals.slice(0, 2) };
    const file = fileOf(historyLines(earlier), first(history.keys));
    expect((await verify(file, history.keys)).verified).toBe(true);
    const report = await verify(file, history.keys, [at(history.seals, 2).seal]);
    expect(report.problems).toMatchObject([{ check: 'missing_seal', seal: 3 }]);
  });
});

describe('the keys of a history', () => {
  test('that nothing leads to from the given one are not believed, whatever they signed', async () => {
    await fc.assert(
      fc.asyncProperty(histories, async (history) => {
        const report = await verify(fileOf(historyLines(history), first(history.keys)), [makeKey()]);
        expect(new Set(checks(report))).toEqual(new Set(['unknown_key']));
      }),
      { numRuns: 10 },
    );
  });

  const rotated = () => makeHistory([0, 1, 0, 1, 0, 2], [2], 1);

  test('are believed along a rotation both ways, and not past one that is not signed', async () => {
    const history = rotated();
    const [old, next] = history.keys as [KeyPair, KeyPair];
    const lines = historyLines(history);
    expect((await verify(fileOf(lines, next), [old])).verified).toBe(true);
    expect((await verify(fileOf(lines, next), [next])).verified).toBe(true);
    const stranger = makeKey('2026-01-02T00:00:01.000Z', makeKey());
    const claimed = { ...stranger.published, previousKeyId: old.published.keyId };
    const unsigned = { ...next.published, previousSignature: stranger.published.signature };
    for (const key of [claimed, unsigned]) {
      const forged = lines.map((line) =>
        line.kind === 'key' && line.key === next.published ? { ...line, key } : line,
      );
      const report = await verify(fileOf(forged, next), [old]);
      expect(checks(report)).toContain('unknown_key');
    }
  });

  test('that were replaced sign no more', async () => {
    const history = rotated();
    const [old] = history.keys as [KeyPair];
    const { seal, hashes } = at(history.seals, 1);
    const ledger = { ...emptyLedger(organizationId), size: seal.size, seals: seal.number };
    const last = at(history.seals, 2);
    const { root, previous, sealedAt } = last.seal;
    const stolen = sealEvents({ ...ledger, lastSeal: previous }, [], old.signer, sealedAt).seal;
    expect(stolen.root).not.toBe(root);
    expect(hashes).toHaveLength(2);
    const forged = historyLines(history).map((line) =>
      line.kind === 'seal' && line.seal === last.seal ? { ...line, seal: { ...stolen } } : line,
    );
    expect(checks(await verify(fileOf(forged, old), [old]))).toContain('retired_key');
  });

  test('whose id or own signature does not fit are told', async () => {
    const history = makeHistory([0], [1]);
    for (const change of [
      { keyId: 'c'.repeat(32) },
      { createdAt: '2020-01-01T00:00:00.000Z' },
      { publicKey: 'A'.repeat(43) },
    ]) {
      const lines = historyLines(history).map((line) =>
        line.kind === 'key' ? { ...line, key: { ...line.key, ...change } } : line,
      );
      expect(checks(await verify(fileOf(lines, first(history.keys)), history.keys))).toEqual(['bad_key']);
    }
  });
});
