import { DomainCommand } from './command.js';
import { Id, ObjectOf, OneOf, Optional, PathId, Whole } from './fields.js';
import { Refuses } from './refuses.js';
import { TrailFilter } from './trail-filter.commands.js';

export const exportFormats = ['ndjson', 'csv', 'bundle'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** How many exports of an organization may stand at a time, and for how many days one is kept. */
export const exportBounds = { standing: 20, days: 30, daysByDefault: 7 } as const;

const ofOneSpec = { spec: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11' };

/** Asks for the trail, or a part of it, as a file. No stream decides on it. */
@Refuses('too_many_exports')
export class StartExport extends DomainCommand {
  @Id()
  readonly exportId!: string;

  /**
   * `ndjson` and `csv`: a line for each line of the trail. `bundle`: a zip with events, seals, proofs, keys, specs and a
   * report to print, which `specline verify` checks.
   * @example ndjson
   */
  @OneOf(exportFormats)
  readonly format!: ExportFormat;

  /** Which lines, as in the query of the trail: all of them by default. */
  @Optional()
  @ObjectOf(() => TrailFilter, ofOneSpec)
  readonly filter?: TrailFilter;

  /**
   * For how many days it is kept; 7 by default.
   * @example 7
   */
  @Optional()
  @Whole(1, exportBounds.days)
  readonly expiresInDays?: number;

  get streamId(): string {
    return this.exportId;
  }
}

/** Ends an export, or takes back what came of it. */
@Refuses('not_found')
export class WithdrawExport extends DomainCommand {
  @PathId()
  readonly exportId!: string;

  get streamId(): string {
    return this.exportId;
  }
}

/** By wire name. */
export const exportCommands = {
  'audit.export.start': StartExport,
  'audit.export.withdraw': WithdrawExport,
};
