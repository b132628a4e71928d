import type { TopicRecord } from './topic-record.js';

/** Records that go to the topic in one request. `isLarge`: a record that by itself may be more than the topic takes. */
export type RecordBatch = { records: TopicRecord[]; isLarge: boolean };

/** What a batch, a record and a header cost beside their text (record format 2: lengths, deltas, CRC), at most. */
const overhead = { batch: 61, record: 30, header: 10 };

/**
 * Cuts records into batches of at most `limit` bytes, in order. A topic's max.message.bytes bounds a whole batch, not a
 * single record; a record that is larger than that goes alone.
 */
export function batchesOf(records: readonly TopicRecord[], limit: number): RecordBatch[] {
  const batches: RecordBatch[] = [];
  let room = 0;
  for (const record of records) {
    const bytes = bytesOf(record);
    const last = batches.at(-1);
    if (last && !last.isLarge && bytes <= room) {
      last.records.push(record);
      room -= bytes;
    } else {
      const free = limit - overhead.batch - bytes;
      batches.push({ records: [record], isLarge: free < 0 });
      room = Math.max(0, free);
    }
  }
  return batches;
}

function bytesOf({ key, value, headers }: TopicRecord): number {
  let bytes = overhead.record + key.length + Buffer.byteLength(value);
  for (const name in headers) bytes += overhead.header + name.length + Buffer.byteLength(headers[name] ?? '');
  return bytes;
}
