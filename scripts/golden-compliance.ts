import type { ReportedRow, specComplianceEvents } from '../src/events/spec-compliance.events.js';
import type { waiverEvents } from '../src/events/waiver.events.js';
import type { SamplesOf } from './golden-values.js';
import { contentHash, keyId, person, reason, reportId, sha256, specId } from './golden-values.js';

const linkId = '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0c22';
const attestationId = '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0c33';
const waiverId = '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0c44';
const route = { kind: 'route' as const, key: 'POST /api/searches', hash: sha256('a route') };
const reportedEvidence = {
  ...{ sectionKey: 'tldr', line: 3, endLine: 4, start: 20, end: 45, hash: sha256('text'), excerpt: 'A search' },
};
const reportedRow: ReportedRow = {
  ruleId: 'house.privacy-reviewed',
  pack: 'house',
  source: { path: 'AGENTS.md', anchor: 'privacy', revision: '8c6a837', blobHash: sha256('AGENTS.md') },
  statement: 'Privacy MUST be reviewed.',
  severity: 'blocking',
  evaluator: 'attestation',
  mode: 'enforced',
  outcome: 'waived',
  blocks: false,
  claim: { status: 'Compliant', notes: 'We looked.' },
  contradicted: true,
  finding: { outcome: 'needs_attestation', message: 'Nobody attested it.', evidence: [reportedEvidence] },
  recommendation: 'Ask somebody who did not write it.',
  ruling: {
    kind: 'waiver',
    position: null,
    reasonCode: null,
    sentence: 'It is looked at every week.',
    by: keyId,
    expiresAt: '2026-12-31T00:00:00.000Z',
    waiverId,
  },
  findings: [
    {
      ruleId: 'house.privacy-reviewed',
      outcome: 'needs_attestation',
      message: 'Nobody attested it.',
      recommendation: 'Ask somebody who did not write it.',
      elements: [route],
      evidence: [reportedEvidence],
    },
  ],
};
const outcomeCounts = { compliant: 0, non_compliant: 0, not_applicable: 0, not_linked: 0, needs_attestation: 0 };
const waived = { ruleId: 'house.privacy-reviewed', specId };

export const complianceSamples: SamplesOf<typeof specComplianceEvents> = {
  'compliance.report.issued': {
    after: ['compliance.rule.attested'],
    payload: {
      specId,
      reportId,
      number: 1,
      specVersion: 7,
      verdict: 'compliant_with_waivers',
      contentHash,
      subjectHash: sha256('the labels'),
      packHash: sha256('the rules'),
      rulings: 1,
      waiverIds: [waiverId],
      ruledBy: [keyId],
      digest: sha256('the report'),
      filesReviewed: ['AGENTS.md'],
      counts: { ...outcomeCounts, waived: 1, blocking: 0, contradicted: 1 },
      rows: [reportedRow],
      consistency: [],
    },
  },
  'compliance.verdict.changed': {
    after: ['compliance.rule.attested', 'compliance.report.issued'],
    payload: { specId, reportId, before: null, verdict: 'compliant_with_waivers' },
  },
  'compliance.link.confirmed': {
    after: [],
    payload: {
      specId,
      linkId,
      kind: 'route_command',
      element: route,
      counterpart: { kind: 'command', key: 'catalog.search.keep', hash: sha256('a command') },
      reason: 'They are one.',
    },
  },
  'compliance.link.withdrawn': { after: ['compliance.link.confirmed'], payload: { specId, linkId } },
  'compliance.rule.attested': {
    after: [],
    payload: {
      specId,
      attestationId,
      ruleId: 'house.privacy-reviewed',
      position: 'not_applicable',
      reasonCode: 'nothing_touched',
      sentence: 'Nothing here is about a person.',
      contentHash,
      covers: ['tldr'],
      authentication: { method: 'api_key', keyId },
    },
  },
  'compliance.attestation.withdrawn': { after: ['compliance.rule.attested'], payload: { specId, attestationId } },
};

export const waiverSamples: SamplesOf<typeof waiverEvents> = {
  'compliance.waiver.requested': {
    after: [],
    payload: {
      ...waived,
      owner: person,
      reason,
      compensatingControl: 'It is looked at every week.',
      expiresAt: '2026-12-31T00:00:00.000Z',
    },
  },
  'compliance.waiver.approved': {
    after: ['compliance.waiver.requested'],
    payload: { ...waived, expiresAt: '2026-12-31T00:00:00.000Z', authentication: { method: 'api_key', keyId } },
  },
  'compliance.waiver.withdrawn': {
    after: ['compliance.waiver.requested', 'compliance.waiver.approved'],
    payload: { ...waived, reason },
  },
};
