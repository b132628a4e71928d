import { Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { PoolClient } from 'pg';
import { EventSchemas } from '../../events/event-schemas.js';
import { reasonOf } from '../event-store/delivery.js';
import { eventColumns } from '../event-store/event-store.js';
import type { RecordedEvent } from '../event-store/history.js';
import { inPresentSchema } from '../event-store/history.js';
import type { PayloadMode, SpecStanding } from './message.js';
import { messageBody } from './message.js';

/** What a body is made of: an event, by its place in history, and where its spec stood, as JSON. */
export type Message = {
  organizationId: string;
  eventId: string;
  streamId: string;
  version: number;
  mode: PayloadMode;
  spec: string | null;
};

const read = {
  name: 'webhooks.events-of-messages',
  text: `select e.* from unnest($1::uuid[], $2::uuid[], $3::bigint[]) as x (organization_id, stream_id, version)
    cross join lateral (select ${eventColumns} from specline.event e
      where e.organization_id = x.organization_id and e.stream_id = x.stream_id and e.version = x.version offset 0) e`,
};

/** Bytes of bodies that are kept, and milliseconds for how long: an event is mostly told to all endpoints at once. */
const kept = { maxSize: 16 * 1024 * 1024, ttl: 10_000 };

/** Makes the bodies of messages: once for all endpoints that are told the same of an event. */
@Injectable()
export class MessageBodies {
  private readonly log = new Logger('Webhooks');
  private readonly bodies = new LRUCache<string, Buffer>({ ...kept, sizeCalculation: (body) => body.length || 1 });

  constructor(private readonly schemas: EventSchemas) {}

  /** @returns the body of each of them; null where it cannot be made here, as of an event that a later program stored */
  async of(messages: readonly Message[], client: PoolClient): Promise<(message: Message) => Buffer | null> {
    const found = new Map<string, Buffer | null>();
    const missing = new Map<string, Message>();
    for (const message of messages) {
      const key = keyOf(message);
      const body = this.bodies.get(key);
      if (body === undefined) missing.set(key, message);
      else found.set(key, body);
    }
    if (missing.size > 0) {
      const events = await eventsOf([...missing.values()], client);
      for (const [key, message] of missing) found.set(key, this.make(key, message, events.get(message.eventId)));
    }
    return (message) => found.get(keyOf(message)) ?? null;
  }

  private make(key: string, { eventId, mode, spec }: Message, event: RecordedEvent | undefined): Buffer | null {
    try {
      if (!event) throw new Error('the event is not there');
      const standing = spec === null ? null : (JSON.parse(spec) as SpecStanding);
      const body = Buffer.from(messageBody(inPresentSchema(event, this.schemas), standing, mode, this.schemas));
      this.bodies.set(key, body);
      return body;
    } catch (error) {
      this.log.warn(`${eventId}: ${reasonOf(error)}`);
      return null;
    }
  }
}

const keyOf = ({ eventId, mode, spec }: Message): string => `${eventId} ${mode} ${spec}`;

async function eventsOf(messages: readonly Message[], client: PoolClient): Promise<Map<string, RecordedEvent>> {
  const values = [
    messages.map(({ organizationId }) => organizationId),
    messages.map(({ streamId }) => streamId),
    messages.map(({ version }) => version),
  ];
  const { rows } = await client.query<RecordedEvent>({ ...read, values });
  return new Map(rows.map((event) => [event.eventId, event]));
}
