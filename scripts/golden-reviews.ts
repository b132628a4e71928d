import type { specEvents } from '../src/events/spec.events.js';
import type { SamplesOf } from './golden-values.js';
import { contentHash, keyId, person, reason, sha256, specId, voteId } from './golden-values.js';

const concernId = voteId;
const overrideId = '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b66';
const policy = { key: 'default', version: 1, hash: sha256('a policy') };
const inReview = ['spec.document.created', 'spec.lifecycle.submitted'] as const;
const inForce = [...inReview, 'spec.vote.cast', 'spec.lifecycle.approved'] as const;

/** What becomes of a spec once it is written: its lifecycle, votes, overrides, holds, dependencies and phases. */
export const reviewSamples = {
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
} satisfies Partial<SamplesOf<typeof specEvents>>;
