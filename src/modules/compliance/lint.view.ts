import { ApiProperty } from '@nestjs/swagger';
import { Sha256 } from '../../commands/fields.js';
import { Evaluation, Finding, OutcomeCounts, severities, verdicts } from './evaluation.view.js';
import type { Severity, Verdict } from './evaluation.view.js';

/** One gap in a document, and how bad it is. */
export class LintFinding extends Finding {
  @ApiProperty({ enum: severities, example: 'blocking' })
  readonly severity!: Severity;
  /** Whether it would keep a spec from being compliant. */
  @ApiProperty({ example: true })
  readonly blocks!: boolean;
}

/** What the rules say of a document, without anything that people would link, attest or let pass. */
export class LintView {
  @ApiProperty({ enum: verdicts, example: 'non_compliant' })
  readonly verdict!: Verdict;
  /** The hash of the document. */
  @Sha256()
  readonly contentHash!: string;
  /** The rules that it was judged by. */
  @Sha256()
  readonly packHash!: string;
  readonly counts!: OutcomeCounts;
  /** In the order of the rules; where they stand says each one's evidence. */
  @ApiProperty({ maxItems: 10_000 })
  readonly findings!: LintFinding[];
}

/** The findings of an evaluation, and for a rule that waits for an attestation one that says so. */
export function lintView({ rows, consistency, verdict, contentHash, packHash, counts }: Evaluation): LintView {
  const findings = [...rows, ...consistency].flatMap((row) => {
    const { ruleId, severity, blocks, finding, recommendation } = row;
    if (row.findings.length > 0) return row.findings.map((one) => ({ ...one, severity, blocks }));
    if (finding.outcome !== 'needs_attestation') return [];
    return [{ ...finding, ruleId, recommendation, elements: [], evidence: [], severity, blocks }];
  });
  return { verdict, contentHash, packHash, counts, findings };
}
