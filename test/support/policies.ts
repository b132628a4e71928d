import type { Test } from 'supertest';
import type { Tenant } from './service.js';

/** A policy of one approval by anybody else, or what `changes` make of it. */
export const policyBody = (changes: object = {}): object => ({
  title: 'House rules',
  requirements: [{ name: 'peer', from: { anyone: true }, count: 1 }],
  reason: 'So that we agree on what we build.',
  ...changes,
});

export const putPolicy = (tenant: Tenant, policyKey: string, changes: object = {}, apiKey = tenant.apiKey): Test =>
  tenant.request('put', `/review-policies/${policyKey}`, apiKey).send(policyBody(changes));
