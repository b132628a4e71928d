import type {
  ComplianceVerdict,
  OutcomeCounts,
  ReportedRow,
  specComplianceEvents,
} from '../../events/spec-compliance.events.js';
import type { EventContext, Projection } from '../event-store/decider.js';
import { ProjectionTable } from '../event-store/projection-tables.js';
import type { ComplianceState, Link, SpecAttestation } from './compliance-state.decider.js';

/** A row that keeps a verdict from being compliant, as far as whoever is refused must know it. */
export type BlockingRow = Pick<ReportedRow, 'ruleId' | 'statement' | 'outcome' | 'recommendation'> & {
  message: string;
};

export type StandingRow = {
  organizationId: string;
  specId: string;
  /** From here to `issuedAt`: of the last report; null before the first, and in a change that leaves it as it was. */
  reportId: string | null;
  number: number | null;
  verdict: ComplianceVerdict | null;
  contentHash: string | null;
  subjectHash: string | null;
  packHash: string | null;
  /** The version of what was linked and attested that it takes in. */
  reportRulings: number | null;
  waiverIds: readonly string[] | null;
  ruledBy: readonly string[] | null;
  counts: OutcomeCounts | null;
  /** The first of the rows that block. */
  blocking: readonly BlockingRow[] | null;
  issuedAt: string | null;
  /** The version at which a link or an attestation last changed. */
  rulings: number;
  links: readonly Link[];
  attestations: readonly SpecAttestation[];
  version: number;
};

/** A report, without its rows: those stand in the event that made `version`. */
export type ReportRow = {
  organizationId: string;
  reportId: string;
  specId: string;
  number: number;
  specVersion: number;
  verdict: ComplianceVerdict;
  contentHash: string;
  packHash: string;
  counts: OutcomeCounts;
  issuerId: string;
  issuerKind: string;
  issuerName: string;
  issuedAt: string;
  version: number;
};

export const standingTable = new ProjectionTable<StandingRow>(
  'compliance_standing',
  {
    organizationId: 'uuid',
    specId: 'uuid',
    reportId: 'uuid',
    number: 'bigint',
    verdict: 'text',
    contentHash: 'text',
    subjectHash: 'text',
    packHash: 'text',
    reportRulings: 'bigint',
    waiverIds: 'text[]',
    ruledBy: 'text[]',
    counts: 'jsonb',
    blocking: 'jsonb',
    issuedAt: 'timestamptz',
    rulings: 'bigint',
    links: 'jsonb',
    attestations: 'jsonb',
    version: 'bigint',
  },
  ['organizationId', 'specId'],
  {
    keep: [
      'reportId',
      'number',
      'verdict',
      'contentHash',
      'subjectHash',
      'packHash',
      'reportRulings',
      'waiverIds',
      'ruledBy',
      'counts',
      'blocking',
      'issuedAt',
    ],
  },
);

export const reportTable = new ProjectionTable<ReportRow>(
  'compliance_report',
  {
    organizationId: 'uuid',
    reportId: 'uuid',
    specId: 'uuid',
    number: 'bigint',
    specVersion: 'bigint',
    verdict: 'text',
    contentHash: 'text',
    packHash: 'text',
    counts: 'jsonb',
    issuerId: 'text',
    issuerKind: 'text',
    issuerName: 'text',
    issuedAt: 'timestamptz',
    version: 'bigint',
  },
  ['organizationId', 'reportId'],
);

const mostBlocking = 200;

/** How the spec stands after each event, and each report. */
export const projectCompliance: Projection<ComplianceState, typeof specComplianceEvents> = (state, event, context) => {
  if (!state) return [];
  const { organizationId, version, at, actor } = context;
  if (event.type !== 'compliance.report.issued') return [standingTable.put({ ...asItWas, ...said(state, context) })];
  const { reportId, number, verdict, contentHash, subjectHash, packHash, rulings, waiverIds, ruledBy } = event.data;
  const { specId, specVersion, counts, rows, consistency } = event.data;
  const blocking = [...rows, ...consistency]
    .filter(({ blocks }) => blocks)
    .slice(0, mostBlocking)
    .map(blockingRow);
  const judged = { reportId, number, verdict, contentHash, subjectHash, packHash, waiverIds, ruledBy, counts };
  const issuer = { issuerId: actor.id, issuerKind: actor.kind, issuerName: actor.name, issuedAt: at };
  return [
    standingTable.put({ ...said(state, context), ...judged, reportRulings: rulings, blocking, issuedAt: at }),
    reportTable.put({
      organizationId,
      reportId,
      specId,
      number,
      specVersion,
      verdict,
      contentHash,
      packHash,
      counts,
      ...issuer,
      version,
    }),
  ];
};

const asItWas = {
  reportId: null,
  number: null,
  verdict: null,
  contentHash: null,
  subjectHash: null,
  packHash: null,
  reportRulings: null,
  waiverIds: null,
  ruledBy: null,
  counts: null,
  blocking: null,
  issuedAt: null,
};

const said = ({ specId, rulings, links, attestations }: NonNullable<ComplianceState>, context: EventContext) => {
  const { organizationId, version } = context;
  return { organizationId, specId, rulings, links, attestations, version };
};

/** What of a row whoever is refused must know. */
export const blockingRow = ({ ruleId, statement, outcome, finding, recommendation }: ReportedRow): BlockingRow => {
  return { ruleId, statement, outcome, message: finding.message, recommendation };
};
