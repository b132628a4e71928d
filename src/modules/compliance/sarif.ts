import type { Evaluation, Evidence, Finding, ReportRow, Severity } from './evaluation.view.js';
import { sha256 } from './section-reading.js';

const levels: Record<Severity, 'error' | 'warning'> = { blocking: 'error', advisory: 'warning' };

/**
 * The findings of an evaluation as a SARIF log (OASIS SARIF 2.1.0). `uri` is the reference of the document that was
 * judged. A rule that waits for an attestation is a result of kind `review`.
 */
export function sarifLog({ rows, consistency }: Evaluation, uri: string): object {
  const judged = [...rows, ...consistency];
  const location = (evidence: Evidence | undefined) => ({
    physicalLocation: { artifactLocation: { uri }, region: regionOf(evidence) },
  });
  const resultsOf = (row: ReportRow, ruleIndex: number): object[] => {
    const own = { ruleId: row.ruleId, ruleIndex };
    if (row.finding.outcome === 'needs_attestation') {
      const message = { text: row.finding.message };
      return [{ ...own, kind: 'review', level: 'none', message, locations: [location(undefined)] }];
    }
    return row.findings.map((finding) => ({
      ...own,
      kind: 'fail',
      level: row.mode === 'shadow' ? 'note' : levels[row.severity],
      message: { text: finding.message },
      locations: [location(finding.evidence[0])],
      partialFingerprints: { 'elementOfRule/v1': fingerprint(finding) },
      ...(row.outcome === 'waived' && { suppressions: [{ kind: 'external', status: 'accepted' }] }),
      properties: { outcome: finding.outcome, elements: finding.elements.map(({ kind, key }) => ({ kind, key })) },
    }));
  };
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Specline', rules: judged.map(ruleOf) } },
        columnKind: 'utf16CodeUnits',
        artifacts: [{ location: { uri }, mimeType: 'text/markdown', encoding: 'UTF-8' }],
        results: judged.flatMap(resultsOf),
      },
    ],
  };
}

/** Without text to point at, as for a section that is missing, the start of the document. */
const regionOf = (evidence: Evidence | undefined): object =>
  evidence === undefined
    ? { startLine: 1 }
    : {
        startLine: evidence.line,
        endLine: evidence.endLine,
        byteOffset: evidence.start,
        byteLength: evidence.end - evidence.start,
      };

const ruleOf = ({ ruleId, statement, severity, evaluator, source, findings }: ReportRow): object => {
  const help = findings.find(({ recommendation }) => recommendation !== null)?.recommendation;
  return {
    id: ruleId,
    shortDescription: { text: statement },
    ...(help && { help: { text: help } }),
    defaultConfiguration: { level: levels[severity] },
    properties: { evaluator, ...(source && { source: `${source.path}#${source.anchor}` }) },
  };
};

/** The same finding has the same fingerprint wherever its element moves. */
const fingerprint = ({ ruleId, elements }: Finding): string =>
  sha256(JSON.stringify([ruleId, ...elements.slice(0, 1).map(({ kind, key }) => [kind, key])]));
