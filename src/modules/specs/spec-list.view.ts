import { bounds } from '../../commands/bounds.js';
import { lifecycles } from '../../commands/lifecycle.commands.js';
import { PointInTime } from '../../commands/time-field.js';
import { Key, Label, Line, OneOf, Optional, RevisionName, WholeParameter } from '../../commands/fields.js';
import { PagedQuery } from '../http/page.view.js';

const sorts = [
  'number',
  '-number',
  'title',
  '-title',
  'createdAt',
  '-createdAt',
  'updatedAt',
  '-updatedAt',
  'rank',
] as const;

/** Filters, search and order of a list of specs; filters that are given together must all fit. */
export class SpecListQuery extends PagedQuery {
  /** @example draft */
  @Optional()
  @OneOf(lifecycles)
  readonly lifecycle?: string;

  /**
   * Specs that have this label.
   * @example search
   */
  @Optional()
  @Label()
  readonly label?: string;

  /**
   * Specs of this owner.
   * @example team-catalogue
   */
  @Optional()
  @Line(bounds.owner)
  readonly owner?: string;

  /**
   * Specs pinned to any version of this template.
   * @example spec
   */
  @Optional()
  @Key(80)
  readonly template?: string;

  /**
   * The spec of this number, as in SPEC-12.
   * @example 12
   */
  @Optional()
  @WholeParameter(1, 2_147_483_647)
  readonly number?: number;

  /**
   * Whether specs are wanted that depend on a new revision nobody has compared them with, or the others.
   * @example true
   */
  @Optional()
  @OneOf(['true', 'false'])
  readonly suspect?: 'true' | 'false';

  /**
   * Words to look for in titles and bodies: "exact phrases", -without, this or that. A name such as `orders.item.paid`,
   * `src/order-service.ts` or `OrderClient` is found by itself, by each of its parts and by parts in a row (`item.paid`).
   * @example "search page"
   */
  @Optional()
  @Line(300)
  readonly q?: string;

  /**
   * The specs that there were at this time (RFC 3339) or position of history (`seq`), as they were; by number or
   * `createdAt`, and without `q`.
   */
  @Optional()
  @PointInTime()
  readonly at?: string;

  /**
   * The newest number first by default; in a search the best match first (`rank`).
   * @example -updatedAt
   */
  @Optional()
  @OneOf(sorts)
  readonly sort?: (typeof sorts)[number];
}

export class EventListQuery extends PagedQuery {
  /**
   * Events after this version of the spec; from the first by default.
   * @example 0
   */
  @Optional()
  @WholeParameter(0, 2_147_483_647)
  readonly after?: number;
}

/** Which version is asked for: a number, what was true at a time, what is approved, or by default the present one. */
export class SpecMoment {
  /**
   * As of this version.
   * @example 1
   */
  @Optional()
  @WholeParameter(1, 2_147_483_647)
  readonly version?: number;

  /**
   * As of this time (RFC 3339), as in `2026-11-23T12:00:00Z`, or of this position of history, the `seq` of a receipt or
   * an event; not together with `version`.
   */
  @Optional()
  @PointInTime()
  readonly at?: string;

  /**
   * As it was approved: `approved` for the revision that was approved last, or the number of one; not together
   * with `version` or `at`.
   */
  @Optional()
  @RevisionName()
  readonly revision?: string;
}
