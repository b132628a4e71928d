import type { OnModuleInit } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { EventSchemas } from '../../events/event-schemas.js';
import type { RecordedEvent } from '../event-store/history.js';
import { Subscription } from '../event-store/subscription.js';
import { Subscriptions } from '../event-store/subscriptions.js';
import { addEntries } from './audit-entries.js';
import { entryOfEvent } from './audit-entry.js';
import { SectionHashes } from './section-hashes.js';

/** Writes an entry of the audit trail for each event: in the transaction that moves the checkpoint, off every write's way. */
@Injectable()
export class TrailSubscription extends Subscription implements OnModuleInit {
  readonly name = 'audit';
  override readonly batch = 100;
  override readonly pause = 50;
  // What it writes for an event costs as much as writing the event, and who looks something up can wait for it.
  override readonly givesWay = true;
  private readonly hashes = new SectionHashes();

  constructor(
    private readonly subscriptions: Subscriptions,
    private readonly schemas: EventSchemas,
  ) {
    super();
  }

  onModuleInit(): void {
    this.subscriptions.register(this);
  }

  override async apply(events: readonly RecordedEvent[], client: PoolClient): Promise<void> {
    await addEntries(
      client,
      events.map((event) => entryOfEvent(event, this.schemas, this.hashes.pass(event))),
    );
  }
}
