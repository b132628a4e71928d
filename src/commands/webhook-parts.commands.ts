import { ApiProperty } from '@nestjs/swagger';
import { IsString, Matches, NotEquals } from 'class-validator';
import { bounds } from './bounds.js';
import { Keys, Labels, OneOf, Optional } from './fields.js';
import { lifecycles } from './lifecycle.commands.js';
import { Text, Texts } from './text-fields.js';
import { MaxLength } from './text-length.js';

/** `*`, `spec.*`, `review.vote.*` or a whole name. */
export const eventTypePattern = /^(?:\*|[a-z][a-z_]*(?:\.[a-z][a-z_]*)?\.\*|[a-z][a-z_]*(?:\.[a-z][a-z_]*){2})$/;
const uuid = '^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$';

/** Whether such a pattern means a type of event. */
export const isMeant = (pattern: string, type: string): boolean =>
  pattern === '*' || pattern === type || (pattern.endsWith('.*') && type.startsWith(pattern.slice(0, -1)));

/** A pattern of event types. */
export const EventType = () => Text(eventTypePattern, 100);

/** Patterns of event types. */
export const EventTypes = () => Texts(eventTypePattern, 100, { minItems: 1, maxItems: bounds.endpointEventTypes });

/** Which specs an endpoint hears of. A list that is empty or absent asks for nothing. */
export class FilterFields {
  /** @example ["01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11"] */
  @Optional()
  @Texts(new RegExp(uuid), 36, { minItems: 0, maxItems: 100 })
  readonly specIds?: string[];

  /**
   * One of them is enough.
   * @example ["payments"]
   */
  @Optional()
  @Labels()
  readonly labels?: string[];

  /** @example ["spec"] */
  @Optional()
  @Keys(50)
  readonly templates?: string[];

  /** @example ["approved", "in_implementation"] */
  @Optional()
  @Texts(new RegExp(`^(?:${lifecycles.join('|')})$`), 30, { minItems: 0, maxItems: lifecycles.length })
  readonly lifecycles?: string[];
}

/** What a message carries by itself, and what belongs to the connection (RFC 9110, section 7.6.1). */
const reserved =
  /^(?!(?:host|connection|keep-alive|te|trailer|transfer-encoding|upgrade|expect|proxy-.*|content-.*|accept-encoding|cookie2?|date|webhook-.*|specline-.*|user-agent)$)[a-z0-9!#$%&'*+.^_`|~-]+$/i;

/** A header of the organization's own, such as one that authenticates the sender. */
export class CustomHeader {
  /** @example Authorization */
  @MaxLength(100)
  @Matches(reserved, { message: '$property is not a name that may be chosen' })
  @ApiProperty({ type: 'string', minLength: 1, maxLength: 100, pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$" })
  readonly name!: string;

  /**
   * Never shown again.
   * @example "Bearer of-the-receiver"
   */
  @IsString()
  @NotEquals('')
  @MaxLength(2000)
  @Matches(/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/)
  @ApiProperty({ type: 'string', minLength: 1, maxLength: 2000, pattern: '^[!-~](?:[ -~]*[!-~])?$' })
  readonly value!: string;
}

/** How messages are signed. */
export const Signature = () => OneOf(['hmac', 'ed25519']);
