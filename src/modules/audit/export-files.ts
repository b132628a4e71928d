import type { ExportFormat } from '../../commands/export.commands.js';
import type { WholeFile } from '../http/byte-range.js';
import type { ExportRow } from './export.queries.js';

const kinds: Record<ExportFormat, { mediaType: string; extension: string; description: string; example?: string }> = {
  ndjson: {
    mediaType: 'application/x-ndjson',
    extension: 'ndjson',
    description: 'A line of JSON for each line of the trail, the oldest first.',
    example: '{"entryId":"01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b33","kind":"event","type":"spec.section.updated"}\n',
  },
  csv: {
    mediaType: 'text/csv; charset=utf-8; header=present',
    extension: 'csv',
    description: 'RFC 4180: a header and a line for each line of the trail, the oldest first.',
    example: 'recordedAt,kind,type\r\n2026-11-23T12:00:00.000Z,event,spec.section.updated\r\n',
  },
  bundle: {
    mediaType: 'application/zip',
    extension: 'zip',
    description: 'Evidence to keep, to read and to verify offline.',
  },
};

/** The kinds of file, for the document of the API. */
export const exportFiles = Object.values(kinds).map(({ extension: _, mediaType, ...kind }) => ({
  ...kind,
  mediaType: mediaType.split(';')[0] ?? mediaType,
}));

/** The kind of file that a bundle is. */
export const bundleFile = { mediaType: kinds.bundle.mediaType, description: kinds.bundle.description };

/** The file that an export came to. */
export function fileOf({ format, exportId, bytes }: ExportRow, sha256: string): WholeFile {
  const { mediaType, extension } = kinds[format];
  return { sha256, bytes, mediaType, name: `audit-${exportId}.${extension}` };
}
