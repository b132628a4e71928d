import type { Test } from 'supertest';
import type { PolicyRules } from '../../src/commands/review-policy.js';
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

export type PolicyReceipt = {
  policyKey: string;
  policyVersion: number;
  hash: string;
  standing: string;
  version: number;
};

export type PolicyJson = {
  policyKey: string;
  version: number;
  hash: string;
  rules: PolicyRules | null;
  decidedBy: string[];
  retiredAt: string | null;
  proposal: { hash: string; proposedBy: string; rules: PolicyRules | null } | null;
};

export const readPolicy = async (tenant: Tenant, policyKey: string): Promise<PolicyJson> =>
  (await tenant.request('get', `/review-policies/${policyKey}`).expect(200)).body as PolicyJson;
