import { hash } from 'node:crypto';
import type { PolicyRules } from '../src/commands/review-policy.js';
import type { commentEvents, TextAnchor } from '../src/events/comment.events.js';
import type { organizationEvents } from '../src/events/organization.events.js';
import type { policyEvents } from '../src/events/policy.events.js';
import type { rulePackEvents } from '../src/events/rule-pack.events.js';
import type { ruleQualityEvents } from '../src/events/rule-quality.events.js';
import type { ruleSourceEvents, SourceStatement } from '../src/events/rule-source.events.js';
import type { ReportedRow, specComplianceEvents } from '../src/events/spec-compliance.events.js';
import type { SectionContent, specEvents } from '../src/events/spec.events.js';
import type { templateEvents } from '../src/events/template.events.js';
import type { waiverEvents } from '../src/events/waiver.events.js';
import type { EndpointSettings, webhookEvents } from '../src/events/webhook.events.js';

type Catalog = typeof commentEvents &
  typeof organizationEvents &
  typeof policyEvents &
  typeof specEvents &
  typeof templateEvents &
  typeof ruleSourceEvents &
  typeof rulePackEvents &
  typeof ruleQualityEvents &
  typeof specComplianceEvents &
  typeof waiverEvents &
  typeof webhookEvents;
export type EventName = keyof Catalog;

/** An event of a type in its present schema version, and those of the same stream that it follows. */
export type Sample<T extends EventName> = { after: readonly EventName[]; payload: InstanceType<Catalog[T]> };

const sha256 = (text: string) => hash('sha256', text);
const keyId = '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b02';
const memberId = '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b03';
const specId = '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b22';
const preamble = '# Saved searches\n\n**Status**: Draft\n\n';
/** The form of a token, of nobody. */
const person = 'pd1:AZlPbmwceo6dHj9vOm8LEQ:3q2-796tvu_erb7v3q2-796tvu8';

const section = (key: string, heading: string, body: string): SectionContent => {
  return { key, heading, headingSource: `## ${heading}\n`, body, contentHash: sha256(body) };
};
const summary = section('tldr', 'TLDR', 'A search can be kept.\n');
const problem: SectionContent = { ...section('problem-statement', 'Problem', '```\nopen'), open: true };
const added = section('risks', 'Risks', 'None is known.\n');
const template = { key: 'spec', version: 1 };
const voteId = '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b55';
const concernId = voteId;
const overrideId = '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b66';
const contentHash = sha256('the content');
const policy = { key: 'default', version: 1, hash: sha256('a policy') };
const inReview = ['spec.document.created', 'spec.lifecycle.submitted'] as const;
const inForce = [...inReview, 'spec.vote.cast', 'spec.lifecycle.approved'] as const;
const reason = 'It is as it should be.';
const anchor: TextAnchor = {
  quote: 'search',
  prefix: 'A ',
  suffix: ' can be kept.\n',
  start: 2,
  end: 8,
  contentHash: summary.contentHash,
};
const commentId = '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b77';
const replied = ['comment.thread.opened', 'comment.thread.replied'] as const;

const rules: PolicyRules = {
  title: 'Security reviews what is risky',
  applies: { templates: ['spec'], labels: ['payments'], sections: ['security-*'], minimumSeverity: 'High' },
  priority: 10,
  requirements: [
    {
      name: 'security',
      from: { anyone: false, groups: ['security'], members: [memberId], sectionOwners: true },
      count: 2,
      sections: ['security-*'],
      principals: ['human'],
      distinctFrom: ['author', 'contributors'],
      freshWithinMinutes: 60,
      order: 1,
    },
  ],
  sectionOwners: [{ pattern: 'security-*', groups: ['security'], members: [memberId] }],
  keepsVotes: ['formatting_only'],
  voteExpiresAfterDays: 90,
  dueAfterDays: 5,
  conditionalApprovalsCount: false,
  blockOnOpenThreads: true,
  dependenciesApproved: true,
  complianceVerdict: 'compliant_or_waived',
  requireReasonFor: ['submit'],
  changesNeedSecondAdmin: true,
  overrideGroups: ['on-call'],
};
const policyChange = { policyKey: 'security', reason: 'The audit asked for it.' };
const policyHash = sha256('the policy');

const rulePath = 'packages/core/AGENTS.md';
const ruleFile = '# Guidelines\n\n## Always\n\n- Declare every event.\n';
const statement: SourceStatement = {
  statementId: '8f4e33f3dc3e',
  ...{ force: 'always', text: 'Declare every event.', anchor: 'always', line: 5 },
};
const reportId = '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0c11';
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
const secretId = '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b99';
const endpointSettings: EndpointSettings = {
  url: 'https://hooks.example.com/specline',
  description: 'Our build server',
  eventTypes: ['spec.*'],
  filter: { specIds: [specId], labels: ['payments'], templates: ['spec'], lifecycles: ['approved'] },
  payload: 'thin',
  order: 'strict',
  onExhausted: 'halt',
  headers: { id: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b98', names: ['Authorization'] },
  timeoutSeconds: 15,
  maxConcurrent: 10,
  perSecond: 50,
};
const failingSince = '2026-11-20T12:00:00.000Z';

/** What golden files are made from (`npm run golden`): all members of each event, those that may be absent as well. */
export const samples: { [T in EventName]: Sample<T> } = {
  'comment.thread.opened': {
    after: [],
    payload: {
      specId,
      specVersion: 1,
      section: 'tldr',
      anchor,
      blocking: true,
      body: 'Which one?\n',
      mentions: [memberId],
      suggestion: 'query',
    },
  },
  'comment.thread.replied': {
    after: ['comment.thread.opened'],
    payload: { commentId, body: 'That one.\n', mentions: [], suggestion: 'view' },
  },
  'comment.thread.resolved': {
    after: ['comment.thread.opened'],
    payload: { resolution: 'It says which one.' },
  },
  'comment.thread.reopened': { after: ['comment.thread.opened', 'comment.thread.resolved'], payload: {} },
  'comment.comment.edited': {
    after: replied,
    payload: { commentId, body: 'The second one.\n', mentions: [memberId] },
  },
  'comment.comment.deleted': { after: replied, payload: { commentId } },
  'comment.suggestion.applied': { after: replied, payload: { commentId, specVersion: 2 } },
  'organization.account.opened': { after: [], payload: { name: 'Example Ltd' } },
  'organization.api_key.issued': {
    after: ['organization.account.opened'],
    payload: { keyId, name: person, role: 'writer', principal: 'human', keyHash: sha256('a key'), memberId },
  },
  'organization.api_key.revoked': {
    after: ['organization.account.opened', 'organization.api_key.issued'],
    payload: { keyId },
  },
  'organization.person.erased': {
    after: ['organization.account.opened', 'organization.api_key.issued'],
    payload: { subject: '01994f6e-6c1c-4a8e-9d1e-3f6f3a6f0b11' },
  },
  'organization.member.added': {
    after: ['organization.account.opened'],
    payload: { memberId, name: person, kind: 'human' },
  },
  'organization.member.changed': {
    after: ['organization.account.opened', 'organization.member.added'],
    payload: { memberId, name: person },
  },
  'organization.member.removed': {
    after: ['organization.account.opened', 'organization.member.added'],
    payload: { memberId },
  },
  'organization.group.defined': {
    after: ['organization.account.opened', 'organization.member.added'],
    payload: { groupKey: 'security', title: 'Security reviewers', members: [memberId] },
  },
  'organization.group.removed': {
    after: ['organization.account.opened', 'organization.group.defined'],
    payload: { groupKey: 'security' },
  },
  'review.policy.proposed': {
    after: [],
    payload: { ...policyChange, rules, hash: policyHash },
  },
  'review.policy.published': {
    after: ['review.policy.proposed'],
    payload: { ...policyChange, version: 1, hash: policyHash, rules, proposedBy: memberId, confirmedBy: keyId },
  },
  'review.policy.discarded': { after: ['review.policy.proposed'], payload: policyChange },
  'review.policy.retired': {
    after: ['review.policy.published'],
    payload: { ...policyChange, proposedBy: memberId, confirmedBy: null },
  },
  'spec.document.created': {
    after: [],
    payload: {
      number: 12,
      title: 'Saved searches',
      template,
      labels: ['search', 'catalogue'],
      owner: person,
      preamble,
      sections: [summary, problem],
    },
  },
  'spec.document.imported': {
    after: [],
    payload: {
      number: 13,
      title: 'Saved searches',
      template,
      preamble,
      sections: [summary, problem],
      report: {
        template,
        sections: [
          { key: 'tldr', heading: 'TLDR', matchedBy: 'exact', confidence: 1 },
          { key: 'problem-statement', heading: 'Problem', matchedBy: 'fuzzy', confidence: 0.8 },
        ],
        missing: ['risks'],
        unread: [{ start: 60, end: 64, reason: 'a fence that is never closed' }],
        bytes: { in: 90, out: 90 },
      },
    },
  },
  'spec.document.retitled': {
    after: ['spec.document.created'],
    payload: { title: 'Kept searches', preamble: '# Kept searches\n\n' },
  },
  'spec.document.labelled': { after: ['spec.document.created'], payload: { labels: ['search'] } },
  'spec.document.owner_assigned': { after: ['spec.document.created'], payload: { owner: null } },
  'spec.document.related': {
    after: ['spec.document.created'],
    payload: { type: 'depends_on', relatedSpecId: specId },
  },
  'spec.document.unrelated': {
    after: ['spec.document.created', 'spec.document.related'],
    payload: { type: 'depends_on', relatedSpecId: specId },
  },
  'spec.preamble.updated': {
    after: ['spec.document.created'],
    payload: { preamble: '# Saved searches\n\nNo. 12\n\n' },
  },
  'spec.section.added': { after: ['spec.document.created'], payload: { section: added, position: 1 } },
  'spec.section.updated': {
    after: ['spec.document.created'],
    payload: { key: 'problem-statement', body: '~~~\nopen', contentHash: sha256('~~~\nopen'), open: true },
  },
  'spec.section.renamed': {
    after: ['spec.document.created'],
    payload: { key: 'tldr', heading: 'In short', headingSource: 'In short\n--------\n' },
  },
  'spec.section.removed': { after: ['spec.document.created'], payload: { key: 'tldr' } },
  'spec.section.moved': {
    after: ['spec.document.created', 'spec.section.added'],
    payload: { key: 'risks', position: 0 },
  },
  'spec.section.marked_not_applicable': {
    after: ['spec.document.created'],
    payload: { key: 'tldr', reason: 'The title says it all.' },
  },
  'spec.section.marked_applicable': {
    after: ['spec.document.created', 'spec.section.marked_not_applicable'],
    payload: { key: 'tldr' },
  },
  'spec.lifecycle.submitted': { after: ['spec.document.created'], payload: { revision: 1, contentHash, reason } },
  'spec.lifecycle.returned': { after: inReview, payload: { reason } },
  'spec.lifecycle.approved': {
    after: [...inReview, 'spec.vote.cast'],
    payload: { revision: 1, contentHash, policy, voteIds: [voteId], overrideId: null },
  },
  'spec.override.used': {
    after: inReview,
    payload: {
      overrideId,
      revision: 1,
      contentHash,
      policy,
      unmet: ['approval: 1 more approval is needed.'],
      reason,
      expiresAt: '2026-11-24T12:00:00.000Z',
      authentication: { method: 'api_key', keyId },
    },
  },
  'spec.override.reviewed': {
    after: [...inReview, 'spec.override.used'],
    payload: { overrideId, upheld: true, conclusion: reason },
  },
  'spec.hold.placed': {
    after: ['spec.document.created'],
    payload: { holdKey: 'audit-2026', reason, authentication: { method: 'api_key', keyId } },
  },
  'spec.hold.released': {
    after: ['spec.document.created', 'spec.hold.placed'],
    payload: { holdKey: 'audit-2026', reason, authentication: { method: 'api_key', keyId } },
  },
  'spec.lifecycle.rejected': { after: inReview, payload: { revision: 1, reason, backTo: null } },
  'spec.lifecycle.deferred': { after: ['spec.document.created'], payload: { reason } },
  'spec.lifecycle.withdrawn': {
    after: [...inForce, 'spec.lifecycle.amended'],
    payload: { revision: 2, reason, backTo: 'approved' },
  },
  'spec.lifecycle.reopened': { after: ['spec.document.created', 'spec.lifecycle.deferred'], payload: { reason } },
  'spec.lifecycle.amended': { after: inForce, payload: { revision: 2, inForce: 1, reason } },
  'spec.lifecycle.started': { after: inForce, payload: { revision: 1, reason: null } },
  'spec.lifecycle.completed': {
    after: [...inForce, 'spec.lifecycle.started'],
    payload: { revision: 1, evidence: [{ kind: 'commit', reference: '5f2c1e9', phase: 'Phase 1' }], reason: null },
  },
  'spec.lifecycle.superseded': { after: inForce, payload: { successorId: specId, reason: null } },
  'spec.lifecycle.deprecated': { after: inForce, payload: { reason } },
  'spec.lifecycle.archived': { after: [...inForce, 'spec.lifecycle.deprecated'], payload: { reason } },
  'spec.vote.cast': {
    after: inReview,
    payload: {
      voteId,
      position: 'concern',
      meaning: 'I have read this content and object to it until my concern is resolved.',
      revision: 1,
      contentHash,
      covers: ['tldr'],
      comment: 'Who pays for it?',
      conditions: [],
      principalId: keyId,
      principalKind: 'agent',
      principalName: person,
      onBehalfOf: person,
      authentication: { method: 'api_key', keyId },
    },
  },
  'spec.vote.withdrawn': { after: [...inReview, 'spec.vote.cast'], payload: { voteId } },
  'spec.vote.outdated': {
    after: [...inReview, 'spec.vote.cast'],
    payload: { voteIds: [voteId], changes: [{ section: 'tldr', kind: 'normative' }] },
  },
  'spec.dependency.suspected': {
    after: [...inForce, 'spec.document.related'],
    payload: { relatedSpecId: specId, revision: 2, contentHash, approvedAt: '2026-01-02T03:04:05.000Z' },
  },
  'spec.dependency.confirmed': {
    after: [...inForce, 'spec.document.related', 'spec.dependency.suspected'],
    payload: { relatedSpecId: specId, revision: 2, conclusion: 'All of it still holds.' },
  },
  'spec.phase.recorded': {
    after: [...inForce, 'spec.lifecycle.started'],
    payload: {
      revision: 1,
      phaseKey: 'phase-1',
      title: 'Core inventory',
      contentHash,
      status: 'done',
      evidence: [{ kind: 'commit', reference: '5f2c1e9' }],
    },
  },
  'spec.concern.resolved': {
    after: [...inReview, 'spec.vote.cast'],
    payload: { concernId, resolution: 'The organization pays.' },
  },
  'template.version.published': {
    after: [],
    payload: { key: 'decision', version: 2, title: 'Decision', markdown: '# Decision\n\n## Context\n' },
  },
  'compliance.source.recorded': {
    after: [],
    payload: {
      ...{ path: rulePath, version: 1, revision: '8c6a837d', blobHash: sha256(ruleFile), markdown: ruleFile },
      ...{ statements: [statement], added: [statement.statementId], changed: [], removed: [] },
    },
  },
  'compliance.source.retired': {
    after: ['compliance.source.recorded'],
    payload: { path: rulePath, reason: 'The package is gone.' },
  },
  'compliance.pack.published': {
    after: [],
    payload: {
      ...{ packKey: 'security', version: 1, hash: sha256('a pack'), title: 'What security asks' },
      rules: [
        {
          key: 'declared-events',
          source: { path: rulePath, statementId: statement.statementId },
          statement: null,
          ...{ severity: 'blocking', evaluator: 'attestation', check: null },
          applies: { templates: ['spec'], labels: [], sections: [], paths: ['packages/**'], touches: ['events'] },
          ...{ owner: 'security', recommendation: 'Declare it.', mode: 'shadow', wrongAtMost: 10 },
        },
      ],
      allowedIds: ['catalog.products.update'],
      reason: 'The audit asked for it.',
      ...{ added: ['declared-events'], changed: [], removed: [] },
    },
  },
  'compliance.finding.marked': {
    after: [],
    payload: {
      ...{ ruleId: 'template.sections.required', specId, element: 'risks', position: 'wrong', counts: true, reportId },
      reason: 'It is there under another name.',
    },
  },
  'compliance.rule.reviewed': {
    after: ['compliance.finding.marked'],
    payload: { ruleId: 'template.sections.required', reason: 'The check knows the other name.' },
  },
  'compliance.pack.retired': {
    after: ['compliance.pack.published'],
    payload: { packKey: 'security', reason: 'The template asks the same.' },
  },
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
  'webhook.endpoint.created': {
    after: [],
    payload: { settings: endpointSettings, secretId, signature: 'hmac', verification: true },
  },
  'webhook.endpoint.changed': {
    after: ['webhook.endpoint.created'],
    payload: { settings: { ...endpointSettings, payload: 'full', headers: null, perSecond: null } },
  },
  'webhook.endpoint.verified': { after: ['webhook.endpoint.created'], payload: { url: endpointSettings.url } },
  'webhook.endpoint.paused': { after: ['webhook.endpoint.created'], payload: { reason } },
  'webhook.endpoint.resumed': { after: ['webhook.endpoint.created', 'webhook.endpoint.paused'], payload: {} },
  'webhook.endpoint.tested': { after: ['webhook.endpoint.created'], payload: {} },
  'webhook.endpoint.secret_rotated': {
    after: ['webhook.endpoint.created'],
    payload: { secretId: voteId, signature: 'ed25519', othersExpireAt: '2026-11-24T12:00:00.000Z' },
  },
  'webhook.endpoint.warned': { after: ['webhook.endpoint.created'], payload: { stage: 1, failingSince } },
  'webhook.endpoint.disabled': {
    after: ['webhook.endpoint.created'],
    payload: { reason: 'failing', failingSince },
  },
  'webhook.endpoint.deleted': { after: ['webhook.endpoint.created'], payload: {} },
};
