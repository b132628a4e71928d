import type { organizationEvents } from '../src/events/organization.events.js';
import type { templateEvents } from '../src/events/template.events.js';
import type { SamplesOf } from './golden-values.js';
import { keyId, memberId, person, sha256 } from './golden-values.js';

export const organizationSamples: SamplesOf<typeof organizationEvents> = {
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
};

export const templateSamples: SamplesOf<typeof templateEvents> = {
  'template.version.published': {
    after: [],
    payload: { key: 'decision', version: 2, title: 'Decision', markdown: '# Decision\n\n## Context\n' },
  },
};
