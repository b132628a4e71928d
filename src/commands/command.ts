import { Command } from '@nestjs/cqrs';

/** Who asks, when, by which request and against which version. Made by the edge, never read from a body. */
export type Caller = {
  organizationId: string;
  actor: { id: string; kind: 'human' | 'agent' | 'service' | 'system'; name: string };
  now: Date;
  /** The key that the request came with, and what it may do. */
  keyId?: string;
  role?: 'reader' | 'auditor' | 'writer' | 'admin';
  /** The request's id, kept in every event it causes. */
  requestId: string;
  traceparent?: string;
  /** The client's Idempotency-Key as a command id, with a digest of the request it came with. */
  idempotency?: { commandId: string; requestHash: string };
  /** From If-Match: the tags it lists, `*` for whatever is there, absent where the operation needs none. */
  ifMatch?: readonly number[] | '*';
};

/** Who acts where nobody asked. No key is of this kind, and ids of keys and members are UUIDs: no caller can be it. */
export const system: Caller['actor'] = { id: 'system', kind: 'system', name: 'Specline' };

/** What a rule must know from outside its stream (a number, a template, a parsed document); a feature says which. */
export type Facts = object;

/**
 * What came of a command: the receipt (a feature's own members, the stream's version and the position of its last
 * event), the tag of what was addressed, whether this is the first answer or its repetition, and whether nothing was
 * done but asked.
 */
export type Outcome = {
  receipt: { version: number; seq: number };
  tag: number | null;
  replayed: boolean;
  simulated?: true;
};

/** Something may be asked of one stream. Subclasses are the request bodies, validated before they are commands. */
export abstract class DomainCommand extends Command<Outcome> {
  declare readonly caller: Caller;
  declare readonly facts: Facts;

  /** The stream that decides, a UUID. */
  abstract get streamId(): string;

  from(caller: Caller): this {
    return Object.assign(this, { caller });
  }

  /** Whether the rule itself deals with a stale If-Match, by merging from the version that it names. */
  get merges(): boolean {
    return false;
  }

  /** Whether only the verdict is asked for: everything is decided, and nothing written. */
  get simulates(): boolean {
    return false;
  }

  /** The single commands that this one consists of, in order. */
  get steps(): readonly DomainCommand[] {
    return [this];
  }
}
