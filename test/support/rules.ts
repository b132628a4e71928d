import type { Test } from 'supertest';
import type { Tenant } from './service.js';

/** A rule file of two statements. */
export const ruleFile =
  '# Guidelines\n\n## Always\n\n- Declare every event before it is emitted.\n\n## Never\n\n- Never share a cache.\n';

export const sourcePath = 'packages/core/AGENTS.md';

export const putSource = (
  tenant: Tenant,
  markdown: string,
  { path = sourcePath, revision, apiKey = tenant.apiKey }: { path?: string; revision?: string; apiKey?: string } = {},
): Test =>
  tenant
    .request('put', `/rule-sources/${encodeURIComponent(path)}${revision ? `?revision=${revision}` : ''}`, apiKey)
    .set('content-type', 'text/markdown')
    .send(markdown);

/** A pack of one rule that is attested, or what `changes` make of it. */
export const packBody = (changes: object = {}): object => ({
  title: 'House rules',
  rules: [rule()],
  reason: 'So that we build alike.',
  ...changes,
});

export const rule = (changes: object = {}): object => ({
  key: 'declared-events',
  statement: 'Every event is declared.',
  severity: 'blocking',
  evaluator: 'attestation',
  ...changes,
});

export const publishPack = (tenant: Tenant, packKey: string, changes: object = {}, apiKey = tenant.apiKey): Test =>
  tenant.request('put', `/rule-packs/${packKey}`, apiKey).send(packBody(changes));
