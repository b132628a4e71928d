import type { Problem } from './verification-problem.js';
import type { Report } from './verification.js';

/** 0 verified, 1 something was changed, 3 incomplete or no evidence, 4 signed by a key that is not believed. */
export function exitCodeOf({ problems }: Report): 0 | 1 | 3 | 4 {
  if (problems.length === 0) return 0;
  const found = new Set(problems.map(({ check }) => check));
  const [unreadable, unknown] = [found.has('malformed_line') || found.has('truncated'), found.has('unknown_key')];
  for (const check of ['malformed_line', 'truncated', 'unknown_key'] as const) found.delete(check);
  if (found.size > 0) return 1;
  return unreadable || !unknown ? 3 : 4;
}

/** How many problems are told to people; `--json` tells more. */
const told = 20;

/** A report for people, as lines. */
export function tellReport(report: Report): string {
  const { verified, organizationId, specId, exportedAt, events, omitted, seals, lastSeal, problems, moreProblems } =
    report;
  const what = organizationId === null ? 'nothing that can be read' : `organization ${organizationId}`;
  const lines = [
    `${what}${specId === null ? '' : `, spec ${specId}`}${exportedAt === null ? '' : `, exported at ${exportedAt}`}`,
    `${counted(events, 'event')}, ${counted(seals, 'seal')}${omitted === 0 ? '' : `; ${counted(omitted, 'event')} of the same streams left out`}`,
  ];
  if (report.files !== undefined) lines.push(`a bundle of ${counted(report.files, 'file')}`);
  if (lastSeal) lines.push(`last seal: number ${lastSeal.number} of ${lastSeal.sealedAt}, ${lastSeal.hash}`);
  if (report.firstEvent) lines.push(`first event: ${tellProblem(report.firstEvent)}`);
  lines.push(...problems.slice(0, told).map(tellProblem));
  const more = problems.length - told + moreProblems;
  if (more > 0) lines.push(`and ${more} more`);
  return `${[...lines, verified ? 'VERIFIED' : 'NOT VERIFIED'].join('\n')}\n`;
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

function tellProblem({ check, message, file, line, seal, position, streamId, version, eventId }: Problem): string {
  const at = [
    file !== undefined && file,
    seal !== undefined && `seal ${seal}`,
    position !== undefined && `position ${position}`,
    streamId !== undefined && `stream ${streamId}`,
    version !== undefined && `version ${version}`,
    eventId !== undefined && `event ${eventId}`,
    line !== undefined && `line ${line}`,
  ].filter((one) => one !== false);
  return `${check}${at.length > 0 ? ` (${at.join(', ')})` : ''}: ${message}`;
}
