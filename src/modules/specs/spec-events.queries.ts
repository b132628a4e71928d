import { Injectable } from '@nestjs/common';
import { Refusal } from '../../commands/refusals.js';
import { EventStore } from '../event-store/event-store.js';
import type { RecordedEvent } from '../event-store/history.js';
import { PersonalData } from '../event-store/personal-data.js';
import { Cursors } from '../http/cursors.js';
import { specStream } from './spec-page.queries.js';
import type { EventListQuery } from './spec-list.view.js';
import type { EventList, EventView } from './spec-event.view.js';

/** The stream of a spec's events, oldest first. */
@Injectable()
export class SpecEventQueries {
  constructor(
    private readonly store: EventStore,
    private readonly cursors: Cursors,
    private readonly personal: PersonalData,
  ) {}

  async list(
    organizationId: string,
    specId: string,
    { after = 0, limit = 25, cursor }: EventListQuery,
  ): Promise<EventList> {
    const scope = { organizationId, list: 'events', filters: { specId, after } };
    const [start = after] = cursor === undefined ? [] : await this.cursors.open(scope, cursor);
    const events = await this.store.read(specStream(organizationId, specId), Number(start), undefined, limit + 1);
    if (events.length === 0) await this.mustExist(organizationId, specId);
    const shown = await this.personal.revealEvents(organizationId, events.slice(0, limit));
    const items = shown.map(eventView);
    const more = events.length > limit;
    return { items, page: { next: more ? await this.cursors.seal(scope, [items.at(-1)?.version]) : null } };
  }

  private async mustExist(organizationId: string, specId: string): Promise<void> {
    const [first] = await this.store.read(specStream(organizationId, specId), 0, 1);
    if (!first) throw new Refusal('not_found', 'There is no such spec in this organization.');
  }
}

/** An event as it is shown: with the names already in it. */
export function eventView(event: RecordedEvent): EventView {
  const { eventId, type, schemaVersion, version, seq, recordedAt, metadata, commandId, payload, hash, previousHash } =
    event;
  const { actor, command, correlationId } = metadata;
  const what = { eventId, type, schemaVersion, version, seq, recordedAt };
  return { ...what, actor, command, commandId, correlationId, data: payload, hash, previousHash };
}
