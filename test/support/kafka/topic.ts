import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { toTopicRecord } from '../../../src/modules/kafka/topic-record.js';
import type { RecordedEvent } from '../../../src/modules/event-store/history.js';
import { runOn } from '../service.js';

/** A record as kcat saw it. */
export type SeenRecord = {
  partition: number;
  offset: number;
  key: string;
  value: string;
  headers: Record<string, string>;
};

const run = promisify(execFile);

/** What kcat prints, with these words behind the broker's address. */
export async function kcat(address: string, ...words: string[]): Promise<string> {
  const quick = ['-X', 'topic.metadata.refresh.interval.ms=500', '-m', '20'];
  const { stdout } = await run('kcat', ['-b', address, ...quick, ...words], { maxBuffer: 1 << 29, timeout: 60_000 });
  return stdout;
}

/** All records of a topic; those of a partition in its order. */
export async function readTopic(address: string, topic: string): Promise<SeenRecord[]> {
  const lines = (await kcat(address, '-C', '-t', topic, '-e', '-q', '-J')).trim().split('\n').filter(Boolean);
  return lines.map((line) => {
    const seen = JSON.parse(line) as {
      partition: number;
      offset: number;
      key: string;
      payload: string;
      headers: string[];
    };
    const headers: Record<string, string> = {};
    for (let at = 0; at < seen.headers.length; at += 2) headers[seen.headers[at] ?? ''] = seen.headers[at + 1] ?? '';
    return { partition: seen.partition, offset: seen.offset, key: seen.key, value: seen.payload, headers };
  });
}

/** All of history, as it is stored. */
export async function readHistory(databaseUrl: string): Promise<RecordedEvent[]> {
  const { rows } = await runOn(
    databaseUrl,
    `select organization_id as "organizationId", stream_id as "streamId", version, seq, event_id as "eventId", type,
      schema_version as "schemaVersion", payload, metadata, command_id as "commandId",
      to_char(recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "recordedAt",
      encode(previous_hash, 'hex') as "previousHash", encode(hash, 'hex') as "hash"
    from specline.event order by seq`,
  );
  return rows as RecordedEvent[];
}

/**
 * Compares a topic with history: every event is there, in one partition per key and in the order of its stream. A record
 * may come again, as Kafka's acknowledgement can be lost, but only the same, and never before an earlier one was there.
 * @returns how many records came again
 */
export function expectPublished(records: readonly SeenRecord[], history: readonly RecordedEvent[]): number {
  const byKey = groupBy(records, ({ key }) => key);
  let repeated = 0;
  for (const [key, events] of groupBy(history, ({ organizationId, streamId }) => `${organizationId}:${streamId}`)) {
    const seen = (byKey.get(key) ?? []).toSorted((a, b) => a.offset - b.offset);
    expect(new Set(seen.map(({ partition }) => partition)).size, `partitions of ${key}`).toBe(1);
    const fresh: SeenRecord[] = [];
    for (const record of seen) {
      const earlier = fresh.find(({ headers }) => headers.ce_id === record.headers.ce_id);
      if (!earlier) fresh.push(record);
      else {
        repeated++;
        expect({ ...record, offset: 0 }).toEqual({ ...earlier, offset: 0 });
      }
    }
    const wanted = events.map((event) => toTopicRecord(event));
    expect(fresh.map(({ headers, value }) => ({ headers, value }))).toEqual(
      wanted.map(({ headers, value }) => ({ headers, value })),
    );
  }
  expect(byKey.size).toBe(new Set(history.map(({ streamId }) => streamId)).size);
  return repeated;
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
