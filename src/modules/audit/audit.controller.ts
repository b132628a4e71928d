import { Controller, StreamableFile } from '@nestjs/common';
import type { Ask } from '../http/query-route.js';
import { Asked, QueryRoute } from '../http/query-route.js';
import {
  ConsistencyProof,
  ConsistencyQuery,
  EvidenceQuery,
  InclusionProof,
  InclusionQuery,
  SealList,
  SealListQuery,
} from './audit.view.js';
import { EvidenceQueries } from './evidence.queries.js';
import { evidenceExample } from './evidence-line.js';
import { LedgerQueries } from './ledger.queries.js';

const tag = 'Audit';
const ndjson = 'application/x-ndjson';

@Controller('v1/organizations/:organizationId/audit')
export class AuditController {
  constructor(
    private readonly ledger: LedgerQueries,
    private readonly evidence: EvidenceQueries,
  ) {}

  @QueryRoute('seals', {
    summary: "List the organization's seals, the newest first",
    operationId: 'listSeals',
    tag,
    query: SealListQuery,
    view: SealList,
    waitsFor: 'ledger',
  })
  seals(@Asked() { organizationId, query }: Ask<SealListQuery>): Promise<SealList> {
    return this.ledger.seals(organizationId, query);
  }

  @QueryRoute('proofs/:eventId', {
    summary: 'Prove that an event is in what a seal covers',
    operationId: 'getInclusionProof',
    tag,
    query: InclusionQuery,
    view: InclusionProof,
    waitsFor: 'ledger',
  })
  proof(@Asked() { organizationId, path, query }: Ask<InclusionQuery>): Promise<InclusionProof> {
    return this.ledger.inclusion(organizationId, path.eventId ?? '', query.seal);
  }

  @QueryRoute('consistency', {
    summary: 'Prove that a later seal changed nothing of an earlier one',
    operationId: 'getConsistencyProof',
    tag,
    query: ConsistencyQuery,
    view: ConsistencyProof,
    waitsFor: 'ledger',
  })
  consistency(@Asked() { organizationId, query }: Ask<ConsistencyQuery>): Promise<ConsistencyProof> {
    return this.ledger.consistency(organizationId, query.from, query.to);
  }

  @QueryRoute('evidence', {
    summary: 'Export events, seals, proofs and keys, to be verified offline',
    operationId: 'exportEvidence',
    tag,
    query: EvidenceQuery,
    file: {
      mediaType: ndjson,
      description: 'What the newest seal covers, a line of JSON each: `specline verify` checks it with the public key.',
      example: evidenceExample,
    },
    audited: 'audit.evidence.read',
    waitsFor: 'ledger',
  })
  async file(@Asked() { organizationId, query }: Ask<EvidenceQuery>): Promise<StreamableFile> {
    const file = await this.evidence.file(organizationId, query.specId);
    const disposition = `attachment; filename="evidence-${query.specId ?? organizationId}.ndjson"`;
    return new StreamableFile(file, { type: ndjson, disposition });
  }
}
