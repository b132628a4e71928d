import { lifecycleEvents } from '../events/lifecycle.events.js';
import { Id, Line, OneOf, Optional } from './fields.js';
import { Text } from './text-fields.js';
import { Time } from './time-field.js';

/** What lines of the trail there are. */
export const entryKinds = ['event', 'denied', 'authentication', 'read', 'operator'] as const;

/** What every type of an entry looks like: what does not is found nowhere, and an empty answer would be a false one. */
const typePattern = /^[a-z_]+\.[a-z_]+\.[a-z_]+$/;
const transitions = Object.keys(lifecycleEvents).map((type) => type.slice('spec.lifecycle.'.length));

/** Which entries of the trail: filters that are given together must all fit. */
export class TrailFilter {
  /**
   * By this actor: a member, or a key that stands for itself.
   * @example 01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b02
   */
  @Optional()
  @Line(100)
  readonly actor?: string;

  /**
   * By principals of this kind.
   * @example agent
   */
  @Optional()
  @OneOf(['human', 'agent', 'service', 'system'])
  readonly principal?: string;

  /** On behalf of this person, by name. */
  @Optional()
  @Line(200)
  readonly onBehalfOf?: string;

  /** About this spec: comments on it too. */
  @Optional()
  @Id()
  readonly spec?: string;

  /**
   * About sections with this key.
   * @example risks-impact-review
   */
  @Optional()
  @Line(200)
  readonly section?: string;

  /**
   * By this command; of a refused one the same name.
   * @example spec.section.update
   */
  @Optional()
  @Line(100)
  readonly command?: string;

  /**
   * Of this type: one, and no pattern of types.
   * @example spec.section.updated
   */
  @Optional()
  @Text(typePattern, 100)
  readonly type?: string;

  /**
   * Transitions of a lifecycle.
   * @example approved
   */
  @Optional()
  @OneOf(transitions)
  readonly transition?: string;

  /** Of the request with this id (`X-Request-Id`). */
  @Optional()
  @Line(100)
  readonly correlation?: string;

  /**
   * `event`: what happened. The others left no event: refused commands and reads (`denied`), keys that are no longer good
   * (`authentication`), exports that were read (`read`). In the trail of the operator: what was done (`operator`).
   * @example event
   */
  @Optional()
  @OneOf(entryKinds)
  readonly kind?: (typeof entryKinds)[number];

  /** Not before this time (RFC 3339). */
  @Optional()
  @Time()
  readonly from?: string;

  /** Before this time (RFC 3339). */
  @Optional()
  @Time()
  readonly to?: string;

  /**
   * Words that all stand in what was written: texts, titles, reasons, comments.
   * @example "retention period"
   */
  @Optional()
  @Line(300)
  readonly q?: string;
}
