import type { Evaluation, ReportRow, RuleOutcome } from './evaluation.view.js';
import { cell, labelled } from './inline-markdown.js';

/** What a report says beside its evaluation: the day it was issued, and the rule files it was judged by. */
export type ReportFrame = { date: string; filesReviewed: readonly string[] };

/** What the template calls the source of its own rules. */
export const templateSource = 'spec template';
/** How many findings of one rule are listed. */
const mostItems = 50;

const verdictLines = {
  compliant: '- **Fully compliant**: Approved — ready for implementation',
  compliant_with_waivers: '- **Compliant with waivers**: Approved — ready for implementation while the waivers stand',
  non_compliant: '- **Non-compliant**: Blocked — items must be resolved before implementation',
} as const;

/**
 * An evaluation as the section that the template asks for. Whatever rules, findings and people wrote is text in it:
 * none of it can add a row, a heading, a label, a link or HTML. Imported, it reads as the same rows again.
 */
export function reportMarkdown(evaluation: Evaluation, { date, filesReviewed }: ReportFrame): string {
  const blocking = [...evaluation.rows, ...evaluation.consistency].filter(({ blocks }) => blocks);
  return [
    `## Final Compliance Report — ${date}`,
    '### AGENTS.md Files Reviewed',
    filesReviewed.length === 0 ? 'No rule file is kept here.' : filesReviewed.map(fileItem).join('\n'),
    '### Compliance Matrix',
    table(['Rule Source', 'Rule', 'Status', 'Notes'], evaluation.rows.map(matrixCells)),
    '### Internal Consistency Check',
    table(['Check', 'Status', 'Notes'], evaluation.consistency.map(consistencyCells)),
    '### Non-Compliant Items',
    blocking.length === 0 ? 'None.' : blocking.flatMap(items).join('\n'),
    '### Verdict',
    `${verdictLines[evaluation.verdict]}\n`,
  ].join('\n\n');
}

/** A path in code; white space and backticks have no place in it. */
const fileItem = (path: string): string => `- \`${path.replace(/[\s`]/g, '_')}\``;

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(header), `|${header.map(() => '---').join('|')}|`, ...rows.map((cells) => line(cells.map(cell)))].join(
    '\n',
  );
}

const matrixStatus: Record<RuleOutcome, string> = {
  compliant: 'Compliant',
  non_compliant: 'Non-compliant',
  not_applicable: 'N/A',
  not_linked: 'Non-compliant',
  needs_attestation: 'Non-compliant',
  waived: 'Waived',
};

const consistencyStatus: Record<RuleOutcome, string> = {
  ...matrixStatus,
  compliant: 'Pass',
  non_compliant: 'Fail',
  not_linked: 'Fail',
  needs_attestation: 'Fail',
};

/** A gap that does not block is advice: under an approval, "Non-compliant" would contradict the verdict. */
function statusOf({ outcome, blocks }: ReportRow, words: Record<RuleOutcome, string>): string {
  const isGap = outcome === 'non_compliant' || outcome === 'not_linked' || outcome === 'needs_attestation';
  return isGap && !blocks ? 'Advisory' : words[outcome];
}

const matrixCells = (row: ReportRow): string[] => [
  row.source?.path ?? templateSource,
  row.statement,
  statusOf(row, matrixStatus),
  notesOf(row),
];

const consistencyCells = (row: ReportRow): string[] => [row.statement, statusOf(row, consistencyStatus), notesOf(row)];

function notesOf({ finding, ruling, outcome }: ReportRow): string {
  const found = outcome === 'not_linked' ? `Not linked: ${finding.message}` : finding.message;
  if (!ruling) return found;
  const until = ruling.expiresAt === null ? '' : ` until ${ruling.expiresAt.slice(0, 10)}`;
  return `${found} ${ruling.kind === 'waiver' ? `Waived${until}` : 'Attested'}: ${ruling.sentence}`;
}

function items({ statement, source, findings, finding }: ReportRow): string[] {
  const gaps = findings.length === 0 ? [{ message: finding.message, recommendation: null }] : findings;
  const listed = gaps.slice(0, mostItems).map(({ message, recommendation }) => ({ message, recommendation }));
  const rest = gaps.length - listed.length;
  if (rest > 0) listed.push({ message: `${rest} more findings.`, recommendation: null });
  return listed.map(({ message, recommendation }) =>
    [
      `- **Rule**: ${labelled(statement)}`,
      `- **Source**: ${labelled(source?.path ?? templateSource)}`,
      `- **Gap**: ${labelled(message)}`,
      ...(recommendation === null ? [] : [`- **Recommendation**: ${labelled(recommendation)}`]),
    ].join('\n'),
  );
}
