import { describe, expect, test } from 'vitest';
import type { Tenant } from './support/service.js';
import { problemOf, startService } from './support/service.js';

describe('the id of a stream of another type', () => {
  const service = startService();
  const markdown = '# A\n\n## B\ntext\n';

  test('is no spec, whoever used it before', async () => {
    const { organizationId } = service.organization;
    const request = (...words: Parameters<Tenant['request']>) => service.organization.request(...words);
    await request('post', '/api-keys').send({ name: 'ci', role: 'writer' }).expect(201);
    const reads = [
      '',
      '/events',
      '/sections',
      '/elements',
      '?version=1',
      '?at=2030-01-01T00:00:00Z',
      '/sections/b?version=1',
    ];
    for (const path of reads) {
      const response = await request('get', `/specs/${organizationId}${path}`);
      expect(problemOf(response), path).toMatchObject({ status: 404, code: 'not_found' });
    }
    const writes = [
      () => request('put', `/specs/${organizationId}`).set('content-type', 'text/markdown').send(markdown),
      () => request('patch', `/specs/${organizationId}/sections/b`).send({ body: 'x' }),
      () => request('put', `/specs/${organizationId}/title`).send({ title: 'x' }),
      () => request('post', `/specs/${organizationId}/sections`).send({ heading: 'x', body: '' }),
    ];
    for (const write of writes) {
      const response = await write().set('if-match', '*');
      expect(problemOf(response)).toMatchObject({ status: 404, code: 'not_found' });
    }
  });
});
