import { newId } from '../../commands/ids.js';
import type { ChainedEvent } from './append-call.js';
import type { EventMetadata } from './history.js';
import { chainHash, genesisHash, stateEvent } from './history.js';

/** What is going to be an event: the rest comes with its place in a stream. */
export type EventDraft = { type: string; schemaVersion: number; payload: object; metadata: EventMetadata };

/** How far a stream has come: its version, the hash and the time of its last event. */
export type ChainEnd = { version: number; hash: string; recordedAt: string };

/** The end of a stream that has no event yet. */
export const beginning: ChainEnd = { version: 0, hash: genesisHash, recordedAt: '' };

/**
 * The next event of a stream: written down, hashed onto the one before it, and the end that the stream then has. Time never
 * runs backwards within a stream, whatever the clocks of its writers say.
 */
export function chainOn(
  end: ChainEnd,
  {
    organizationId,
    streamId,
    commandId,
    now,
  }: { organizationId: string; streamId: string; commandId: string; now: string },
  draft: EventDraft,
): { event: ChainedEvent; end: ChainEnd } {
  const recordedAt = now > end.recordedAt ? now : end.recordedAt;
  const version = end.version + 1;
  const { type, schemaVersion, payload, metadata } = draft;
  const statement = stateEvent({
    organizationId,
    streamId,
    version,
    eventId: newId(),
    type,
    schemaVersion,
    payload,
    metadata,
    commandId,
    recordedAt,
  });
  const hash = chainHash(end.hash, statement);
  return { event: { statement, previousHash: end.hash, hash }, end: { version, hash, recordedAt } };
}
