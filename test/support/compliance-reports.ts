import type { SpecOf } from './reviews.js';

/** Three sections of the built-in template that the rules have something to say about. */
export const searchesDocument = `# Kept searches

## TLDR
People keep a search.

## API Contracts

### POST /api/searches

- **Auth**: required

## Commands & Events

- **Command**: \`catalog.search.keep\`

## Risks & Impact Review

### Data Integrity Failures

#### Searches are lost
- **Scenario**: The disk fails.
- **Severity**: Sometimes
- **Affected area**: Searches
- **Mitigation**: Backups.
- **Residual risk**: A day.
`;

export type ReportJson = {
  reportId: string;
  number: number;
  verdict: string;
  rows: ReportRowJson[];
  consistency: ReportRowJson[];
  waiverIds: string[];
  issuedBy: { id: string; name: string };
};

export type ReportRowJson = {
  ruleId: string;
  outcome: string;
  statement: string;
  claim: unknown;
  finding: { outcome: string };
  ruling: { kind: string; by: string; sentence: string } | null;
  findings: { evidence: { sectionKey: string; start: number; end: number; hash: string; excerpt: string }[] }[];
};

export const latestReport = async (spec: SpecOf): Promise<ReportJson> =>
  (await spec.request('get', '/compliance-reports/latest', spec.team.ann).expect(200)).body as ReportJson;

export const reportRowOf = ({ rows, consistency }: ReportJson, ruleId: string): ReportRowJson | undefined =>
  [...rows, ...consistency].find((row) => row.ruleId === ruleId);
