import { newId } from '../../commands/ids.js';
import { webhookEvents } from '../../events/webhook.events.js';
import { evolve } from '../event-store/decider.js';
import type { RecordedEvent } from '../event-store/history.js';
import { endpointDecider, isThere } from './endpoint.decider.js';
import type { FilteredSpec } from './endpoint-match.js';
import { wants } from './endpoint-match.js';
import type { Lane } from './lane.js';
import { laneOf, stateOf } from './lane.js';
import type { SpecStanding } from './message.js';

/** The spec that an event is about, with what messages tell of it and filters ask. */
export type EventSpec = SpecStanding & FilteredSpec;

/** A message to one endpoint, as it is first written down. */
export type NewDelivery = {
  organizationId: string;
  deliveryId: string;
  endpointId: string;
  queueKey: string | null;
  eventId: string;
  type: string;
  streamId: string;
  streamVersion: number;
  seq: number;
  spec: SpecStanding | null;
  specId: string | null;
  payload: 'thin' | 'full';
  state: 'pending' | 'skipped';
};

/** What comes of a stretch of history: endpoints as they are then, and who is told what. */
export type FannedOut = {
  changed: Map<string, Lane>;
  /** Endpoints that were resumed: they begin anew. */
  resumed: Set<string>;
  /** Endpoints of which a notice was taken. */
  noticed: Set<string>;
  deleted: Set<string>;
  deliveries: NewDelivery[];
};

const isOfEndpoint = (event: RecordedEvent): boolean => Object.hasOwn(webhookEvents, event.type);

/**
 * Folds endpoints and matches events with them, in the order of history: an event is for those endpoints that there were
 * when it happened, as they were then.
 *
 * @param lanes by the id of the endpoint
 * @param specOf the spec that an event is about, if any
 */
export function fanOut(
  events: readonly RecordedEvent[],
  lanes: ReadonlyMap<string, Lane>,
  specOf: (event: RecordedEvent) => EventSpec | undefined,
): FannedOut {
  const present = new Map(lanes);
  const out: FannedOut = {
    changed: new Map(),
    resumed: new Set(),
    noticed: new Set(),
    deleted: new Set(),
    deliveries: [],
  };
  for (const event of events) {
    if (isOfEndpoint(event)) fold(event, present, out);
    const spec = specOf(event);
    for (const lane of present.values()) {
      if (lane.organizationId === event.organizationId && isTold(lane, event, spec)) {
        out.deliveries.push(deliveryOf(lane, event, spec));
      }
    }
  }
  return out;
}

/** An endpoint is not told what is done to itself, and is always told that it is tested. */
function isTold({ endpointId, settings }: Lane, { streamId, type }: RecordedEvent, spec?: EventSpec): boolean {
  if (streamId === endpointId) return type === 'webhook.endpoint.tested';
  return wants(settings, type, spec);
}

function fold(event: RecordedEvent, present: Map<string, Lane>, out: FannedOut): void {
  const { organizationId, streamId, type, payload, recordedAt } = event;
  const before = present.get(streamId);
  const context = { ...event, at: recordedAt, actor: event.metadata.actor };
  const after = evolve(endpointDecider, before ? stateOf(before) : null, { type, data: payload } as never, context);
  if (!isThere(after)) {
    present.delete(streamId);
    out.changed.delete(streamId);
    out.deleted.add(streamId);
    return;
  }
  const lane = laneOf(organizationId, streamId, after);
  present.set(streamId, lane);
  out.changed.set(streamId, lane);
  if (type === 'webhook.endpoint.resumed') out.resumed.add(streamId);
  if (/\.(?:warned|disabled|paused|resumed)$/.test(type)) out.noticed.add(streamId);
}

function deliveryOf(lane: Lane, event: RecordedEvent, spec?: EventSpec): NewDelivery {
  const { settings, status, organizationId, endpointId } = lane;
  const { eventId, type, streamId, version, seq } = event;
  const queueKey = { none: null, per_spec: spec?.specId ?? streamId, strict: endpointId }[settings.order];
  return {
    organizationId,
    deliveryId: newId(),
    endpointId,
    queueKey,
    eventId,
    type,
    streamId,
    streamVersion: version,
    seq,
    spec: spec
      ? { specId: spec.specId, number: spec.number, lifecycle: spec.lifecycle, revision: spec.revision }
      : null,
    specId: spec?.specId ?? null,
    payload: settings.payload,
    state: status === 'active' ? 'pending' : 'skipped',
  };
}
