import { Unavailable } from '../event-store/subscription.js';
import type { TopicRecord } from './topic-record.js';
import { KafkaConnection } from './kafka-connection.js';
import { isOfRecord, reasonOf } from './kafka-problems.js';
import type { KafkaSettings } from './kafka-settings.js';
import { batchesOf } from './record-batches.js';

type Opened = { connection: KafkaConnection; limit: Promise<number> };

/** How long a batch under way may still take when it is to end, in milliseconds. */
const grace = 2_000;

/**
 * The way of one lane to the topic: one batch at a time, each acknowledged before the next. After any failure the
 * connection is thrown away, and what comes next begins on another.
 */
export class KafkaPublisher {
  private opened: Opened | undefined;
  /** Ids of events that Kafka has, of calls that failed behind them: they are not sent twice when the call is repeated. */
  private readonly acknowledged = new Set<string>();
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly settings: KafkaSettings) {}

  /**
   * Publishes records in their order, one call after the other. A call that failed is repeated with the same records, or
   * fewer of them.
   * @throws Unavailable when Kafka cannot be reached or does not let us; another error when it refuses a record
   */
  publish(records: readonly TopicRecord[], signal: AbortSignal): Promise<void> {
    const published = this.turn.then(() => this.publishInTurn(records, signal));
    this.turn = published.catch(() => undefined);
    return published;
  }

  async close(): Promise<void> {
    const { opened } = this;
    this.opened = undefined;
    await opened?.connection.close();
  }

  private async publishInTurn(records: readonly TopicRecord[], signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { connection, limit } = (this.opened ??= this.open());
    let timer: NodeJS.Timeout | undefined;
    const giveUp = () => (timer = setTimeout(() => connection.end(), grace));
    signal.addEventListener('abort', giveUp);
    try {
      const left = records.filter(({ headers }) => !this.acknowledged.has(headers.ce_id));
      for (const batch of batchesOf(left, await limit)) {
        signal.throwIfAborted();
        await connection.send(batch);
        for (const { headers } of batch.records) this.acknowledged.add(headers.ce_id);
      }
      for (const { headers } of records) this.acknowledged.delete(headers.ce_id);
    } catch (error) {
      this.opened = undefined;
      connection.end();
      signal.throwIfAborted();
      throw this.explain(error);
    } finally {
      signal.removeEventListener('abort', giveUp);
      clearTimeout(timer);
    }
  }

  private open(): Opened {
    const connection = new KafkaConnection(this.settings);
    return { connection, limit: connection.open() };
  }

  private explain(error: unknown): Error {
    const { brokers, topic } = this.settings;
    const reason = reasonOf(error);
    if (isOfRecord(error)) return new Error(`Kafka refuses a record for the topic ${topic}: ${reason}`);
    return new Unavailable(`Kafka (${brokers.join()}, topic ${topic}): ${reason}`);
  }
}
