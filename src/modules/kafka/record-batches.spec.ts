import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TopicRecord } from './topic-record.js';
import { batchesOf } from './record-batches.js';

const record = (value: string): TopicRecord => ({ key: 'a:b', value, headers: { ce_id: '1' }, timestamp: '0' });
const sizes = fc.array(fc.integer({ min: 0, max: 3_000 }), { maxLength: 50 });

test('batches hold all records in their order, and none is empty', () => {
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 4_000 }), (lengths, limit) => {
      const records = lengths.map((length) => record('x'.repeat(length)));
      const batches = batchesOf(records, limit);
      expect(batches.flatMap((batch) => batch.records)).toEqual(records);
      for (const batch of batches) expect(batch.records.length).toBeGreaterThan(0);
    }),
  );
});

test('a batch stays below the limit, but for a record that is larger by itself: that one goes alone', () => {
  fc.assert(
    fc.property(sizes, fc.integer({ min: 200, max: 4_000 }), (lengths, limit) => {
      for (const { records, isLarge } of batchesOf(
        lengths.map((length) => record('é'.repeat(length))),
        limit,
      )) {
        const text = records.reduce((sum, { value }) => sum + Buffer.byteLength(value), 0);
        if (isLarge) expect(records).toHaveLength(1);
        else expect(text).toBeLessThanOrEqual(limit);
      }
    }),
  );
});

test('records that fit go together', () => {
  expect(batchesOf(Array(500).fill(record('x'.repeat(1_000))), 1_048_588)).toHaveLength(1);
  expect(batchesOf([record('x'.repeat(400)), record('x'.repeat(5_000)), record('x')], 1_000)).toMatchObject([
    { isLarge: false },
    { isLarge: true },
    { isLarge: false },
  ]);
});
