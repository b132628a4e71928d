import type { OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { eventSchemas, UnknownEventSchema } from '../../events/event-schemas.js';
import type { RecordedEvent } from '../event-store/history.js';
import { inPresentSchema } from '../event-store/history.js';
import { Subscription, Unavailable } from '../event-store/subscription.js';
import type { Subscriptions } from '../event-store/subscriptions.js';
import type { TopicRecord } from './topic-record.js';
import { toTopicRecord } from './topic-record.js';
import { KafkaPublisher } from './kafka-publisher.js';
import type { KafkaSettings } from './kafka-settings.js';

/** Publishes history to a topic: at least once, and in the order of each stream. */
export class KafkaSubscription extends Subscription implements OnModuleInit, OnApplicationShutdown {
  readonly name = 'kafka';
  /** Lanes: a stream is in one of them, and each has a batch under way at most. */
  override readonly shards = 4;
  override readonly pause = 50;
  private readonly lanes: KafkaPublisher[];

  constructor(
    settings: KafkaSettings,
    private readonly subscriptions: Subscriptions,
  ) {
    super();
    this.lanes = Array.from({ length: this.shards }, () => new KafkaPublisher(settings));
  }

  onModuleInit(): void {
    this.subscriptions.register(this);
  }

  override async send(events: readonly RecordedEvent[], signal: AbortSignal): Promise<void> {
    const [first] = events;
    // All events of a call are of one shard, which is told by the last byte of the stream's id.
    const lane = first && this.lanes[Number.parseInt(first.streamId.slice(-2), 16) % this.shards];
    await lane?.publish(events.map(recordOf), signal);
  }

  /** Behind the workers, which end before. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.lanes.map((lane) => lane.close()));
  }
}

/** Consumers get every event in its present schema version, as readers of the API do: they need no upcasters. */
function recordOf(event: RecordedEvent): TopicRecord {
  try {
    return toTopicRecord(inPresentSchema(event, eventSchemas));
  } catch (error) {
    // Written by a later program, which is about to take this one's place: the event is not to blame.
    if (error instanceof UnknownEventSchema) throw new Unavailable(error.message);
    throw error;
  }
}
