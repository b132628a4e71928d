import { bounds } from '../../commands/bounds.js';
import { Key, Label, Line, OneOf, Optional, Time, WholeParameter } from '../../commands/fields.js';

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

export class SpecListQuery {
  @Optional()
  @OneOf(['draft'])
  readonly lifecycle?: string;

  /** Specs that have this label. */
  @Optional()
  @Label()
  readonly label?: string;

  @Optional()
  @Line(bounds.owner)
  readonly owner?: string;

  /** Specs pinned to any version of this template. */
  @Optional()
  @Key(80)
  readonly template?: string;

  @Optional()
  @WholeParameter(1, 2_147_483_647)
  readonly number?: number;

  /** Words to look for in titles and bodies: "exact phrases", -without, this or that. */
  @Optional()
  @Line(300)
  readonly q?: string;

  /** The newest number first by default; in a search the best match first (`rank`). */
  @Optional()
  @OneOf(sorts)
  readonly sort?: (typeof sorts)[number];

  @Optional()
  @WholeParameter(1, 100)
  readonly limit?: number;

  /** `page.next` of the page before. */
  @Optional()
  @Line(1000)
  readonly cursor?: string;
}

export class EventListQuery {
  /** Events after this version of the spec; from the first by default. */
  @Optional()
  @WholeParameter(0, 2_147_483_647)
  readonly after?: number;

  @Optional()
  @WholeParameter(1, 100)
  readonly limit?: number;

  /** `page.next` of the page before. */
  @Optional()
  @Line(1000)
  readonly cursor?: string;
}

/** Which version is asked for: a number, what was true at a time, or by default the present one. */
export class SpecMoment {
  /** As of this version. */
  @Optional()
  @WholeParameter(1, 2_147_483_647)
  readonly version?: number;

  /** As of this time (RFC 3339). */
  @Optional()
  @Time()
  readonly at?: string;
}
