import type { ClaimedExport, ExportMark, ExportPosition, ExportProgress } from './export-store.js';

/** An export, and what it can hold. */
export type ExportJob = Pick<
  ClaimedExport,
  'organizationId' | 'exportId' | 'format' | 'filter' | 'rows' | 'createdAt'
> &
  ExportPosition;
/** Some bytes of an export, how far they lead, and where to go on behind them, where that is possible. */
export type ExportPiece = ExportProgress & { bytes: Buffer; mark?: ExportMark };
