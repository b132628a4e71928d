import { ApiHideProperty } from '@nestjs/swagger';
import { ArrayUnique } from 'class-validator';
import { bounds } from './bounds.js';
import { DomainCommand } from './command.js';
import { Flag, Line, ListOf, Nullable, ObjectOf, OneOf, Optional, PathId, Whole } from './fields.js';
import { Refuses } from './refuses.js';
import { CustomHeader, EventTypes, FilterFields, Signature } from './webhook-parts.commands.js';

/**
 * In which order an endpoint is told: as it comes; what is about one spec one after the other; or everything one after
 * the other.
 */
export const orders = ['none', 'per_spec', 'strict'] as const;
export type Order = (typeof orders)[number];

/** By what two headers are the same (RFC 9110, section 5.1); the name is whatever was sent. */
const lowerCaseName = ({ name }: CustomHeader): string => String(name).toLowerCase();

/** When a message cannot be delivered for good in a strict order: nothing goes past it, or the next one does. */
export const exhaustions = ['halt', 'skip'] as const;
export type OnExhausted = (typeof exhaustions)[number];

export abstract class EndpointCommand extends DomainCommand {
  @PathId()
  readonly endpointId!: string;

  get streamId(): string {
    return this.endpointId;
  }
}

/** What can be said of an endpoint: all of it optional in a change. */
export abstract class EndpointFields extends EndpointCommand {
  /**
   * For people.
   * @example "Our build server"
   */
  @Optional()
  @Nullable()
  @Line(300)
  readonly description?: string | null;

  @Optional()
  @ObjectOf(() => FilterFields, { labels: ['payments'] })
  readonly filter?: FilterFields;

  /**
   * `thin` says what changed and where to read it; `full` carries the payload of the event, up to 64 KiB. By default
   * `thin`.
   * @example thin
   */
  @Optional()
  @OneOf(['thin', 'full'])
  readonly payload?: 'thin' | 'full';

  /**
   * `per_spec`, the default, tells what is about one spec one after the other; `strict` tells everything so; `none` as it
   * comes.
   * @example per_spec
   */
  @Optional()
  @OneOf(orders)
  readonly order?: Order;

  /**
   * In a strict order, when a message failed for good: `halt`, the default, disables the endpoint; `skip` goes on with
   * the next.
   * @example halt
   */
  @Optional()
  @OneOf(exhaustions)
  readonly onExhausted?: OnExhausted;

  /** Headers to be sent with each message, each name once, in any case; their values are never shown again. */
  @Optional()
  @ListOf(() => CustomHeader, bounds.endpointHeaders)
  @ArrayUnique(lowerCaseName, { message: '$property names a header twice' })
  readonly headers?: CustomHeader[];

  /**
   * For one attempt, all in all; 15 by default.
   * @example 15
   */
  @Optional()
  @Whole(1, 30)
  readonly timeoutSeconds?: number;

  /**
   * How many messages may be under way at once; 10 by default.
   * @example 10
   */
  @Optional()
  @Whole(1, 100)
  readonly maxConcurrent?: number;

  /**
   * How many messages are sent a second at most; null, the default, for as many as there are.
   * @example 50
   */
  @Optional()
  @Nullable()
  @Whole(1, 1000)
  readonly perSecond?: number | null;

  /** Where the values of the headers are kept; made by the edge. */
  @ApiHideProperty()
  readonly headersId?: string | null;
}

/** Begins to tell an address what happens. */
@Refuses('already_exists', 'too_many_endpoints')
export class CreateEndpoint extends EndpointFields {
  /**
   * Where messages are sent to, by POST.
   * @example https://hooks.example.com/specline
   */
  @Line(bounds.endpointUrl)
  readonly url!: string;

  /**
   * Which events: `*` for all, `spec.*`, `spec.vote.*`, or whole names.
   * @example ["spec.*", "comment.thread.opened"]
   */
  @EventTypes()
  readonly eventTypes!: string[];

  /**
   * `hmac`, the default, signs with a secret that both sides know; `ed25519` with a key whose public half is published.
   * @example hmac
   */
  @Optional()
  @Signature()
  readonly signature?: 'hmac' | 'ed25519';

  /**
   * Whether the address must answer a challenge before anything else is sent there; false by default.
   * @example false
   */
  @Optional()
  @Flag()
  readonly verification?: boolean;

  /** Made by the edge. */
  @ApiHideProperty()
  readonly secretId!: string;
}

/** Changes what is named; what is not stays. Events from then on are told so. */
@Refuses('not_found')
export class ChangeEndpoint extends EndpointFields {
  /**
   * Where messages are sent to, by POST.
   * @example https://hooks.example.com/specline
   */
  @Optional()
  @Line(bounds.endpointUrl)
  readonly url?: string;

  /**
   * Which events: `*` for all, `spec.*`, `spec.vote.*`, or whole names.
   * @example ["spec.*"]
   */
  @Optional()
  @EventTypes()
  readonly eventTypes?: string[];
}

/** Sends nothing until it is resumed. What happens meanwhile is kept in the log, and can be replayed. */
@Refuses('not_found')
export class PauseEndpoint extends EndpointCommand {
  /** @example "The receiver is moved." */
  @Optional()
  @Line(bounds.reason)
  readonly reason?: string;
}

/** Sends again, after a pause or after it was disabled. What was not delivered before goes on first. */
@Refuses('not_found')
export class ResumeEndpoint extends EndpointCommand {}

/** Sends a message that says nothing but that it is a test. */
@Refuses('not_found')
export class TestEndpoint extends EndpointCommand {}

/** Notes that the address answered the challenge. */
@Refuses('not_found', 'challenge_failed')
export class VerifyEndpoint extends EndpointCommand {
  /** The address that answered; known to the edge. */
  @ApiHideProperty()
  readonly url!: string;
}

/** Signs with a new secret, and for a while with the earlier ones too. */
@Refuses('not_found')
export class RotateSecret extends EndpointCommand {
  /**
   * How the new one signs; as before by default.
   * @example hmac
   */
  @Optional()
  @Signature()
  readonly signature?: 'hmac' | 'ed25519';

  /**
   * For how many seconds the earlier secrets sign too, up to seven days; one day by default.
   * @example 86400
   */
  @Optional()
  @Whole(0, 604_800)
  readonly overlapSeconds?: number;

  /** Made by the edge. */
  @ApiHideProperty()
  readonly secretId!: string;
}

/** The service itself tells that nothing could be delivered for a while. */
export class WarnEndpoint extends EndpointCommand {
  readonly stage!: 1 | 2;
  readonly failingSince!: string;
}

/** The service itself stops sending. */
export class DisableEndpoint extends EndpointCommand {
  readonly reason!: 'failing' | 'gone' | 'halted';
  readonly failingSince!: string | null;
}

/** Ends an endpoint: its secrets are destroyed, and what was not delivered is cancelled. */
@Refuses('not_found')
export class DeleteEndpoint extends EndpointCommand {}

export const webhookCommands = {
  'webhook.endpoint.create': CreateEndpoint,
  'webhook.endpoint.change': ChangeEndpoint,
  'webhook.endpoint.pause': PauseEndpoint,
  'webhook.endpoint.resume': ResumeEndpoint,
  'webhook.endpoint.test': TestEndpoint,
  'webhook.endpoint.verify': VerifyEndpoint,
  'webhook.endpoint.rotate_secret': RotateSecret,
  'webhook.endpoint.warn': WarnEndpoint,
  'webhook.endpoint.disable': DisableEndpoint,
  'webhook.endpoint.delete': DeleteEndpoint,
};
