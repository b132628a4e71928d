import { beforeAll, describe, expect, test } from 'vitest';
import { AccessRecorder } from '../src/modules/audit/access-recorder.js';
import { startService } from './support/service.js';
import type { Operation } from './support/specs.js';
import { operations } from './support/specs.js';
import { furnish } from './support/victim.js';

/** Events as they are stored, for whoever keeps copies that no erasure reaches: names are tokens there (docs/events.md). */
const asStored = ['exportEvidence', 'listEvents', 'listConsumerEvents'];

describe('Names of persons', () => {
  const service = startService();
  let values: Record<string, string>;
  beforeAll(async () => {
    const tenant = service.organization;
    values = await furnish(service, tenant);
    const spec = `/specs/${values.specId}`;
    const owner = { owner: 'Olga Owner' };
    await tenant.request('put', `${spec}/owner`).set('if-match', '*').send(owner).expect(200);
    const hold = { reason: 'Asked for by the court.' };
    await tenant.request('put', `${spec}/legal-holds/house`).set('if-match', '*').send(hold).expect(200);
    await service.app.get(AccessRecorder).settled();
    await tenant.request('get', '/audit/events').set('prefer', 'wait=20').expect(200);
  });

  const reads = operations()
    .filter(({ method, path }) => method === 'get' && path.includes('{organizationId}'))
    .map((operation): [string, Operation] => [operation.operationId, operation]);

  test.each(reads)('are texts and no tokens in %s, unless it gives what is stored', async (operationId, { path }) => {
    const url = path.replace(/\{(\w+)\}/g, (_name, name: string) => values[name] ?? '');
    const key = `Bearer ${service.organization.apiKey}`;
    const answer = await service.anonymous().get(url).set('authorization', key);
    expect(answer.text.includes('pd1:')).toBe(asStored.includes(operationId));
  });
});
