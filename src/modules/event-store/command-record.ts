import type { Caller, DomainCommand } from '../../commands/command.js';
import { newId } from '../../commands/ids.js';
import type { EventMetadata } from './history.js';

const commandIds = new WeakMap<Caller, string>();

/** One id a request, the same on every attempt: a write whose answer got lost is recognised when it is sent again. */
export function commandIdOf({ caller }: DomainCommand): string {
  if (caller.idempotency) return caller.idempotency.commandId;
  const id = commandIds.get(caller) ?? newId();
  commandIds.set(caller, id);
  return id;
}

/** What is kept of a command with each of its events. @param names the wire names of commands, by class */
export function metadataOf(command: DomainCommand, names: ReadonlyMap<unknown, string>): EventMetadata {
  const { actor, requestId, traceparent } = command.caller;
  const name = names.get(command.constructor) ?? command.steps.map((step) => names.get(step.constructor)).join(' ');
  return { actor, command: name, correlationId: requestId, ...(traceparent && { traceparent }) };
}
