import { beforeAll, describe, expect, test } from 'vitest';
import { startService } from './support/service.js';
import { documentOf, expectProblem, importSpec, readSpec, sendMarkdown } from './support/specs.js';

const document = documentOf('Alerts', { Overview: 'Old.', Rollout: 'Slow.' });

describe('a cursor', () => {
  const service = startService();
  let specId: string;
  beforeAll(async () => {
    for (let made = 0; made < 4; made++) ({ specId } = await importSpec(service.organization, document));
  });
  const get = (path: string) => service.organization.request('get', path);
  const nextOf = async (path: string) => {
    const { page } = (await get(path).expect(200)).body as { page: { next: string } };
    return encodeURIComponent(page.next);
  };

  test('goes on where the page ended, and may have another limit', async () => {
    const next = await nextOf('/specs?limit=2&sort=number');
    const { items, page } = (await get(`/specs?limit=50&sort=number&cursor=${next}`).expect(200)).body as {
      items: { number: number }[];
      page: { next: string | null };
    };
    expect(items.map(({ number }) => number)).toEqual([3, 4]);
    expect(page.next).toBeNull();
  });

  test('does not care in which order the filters are written', async () => {
    const next = await nextOf('/specs?sort=title&template=spec&limit=2');
    await get(`/specs?cursor=${next}&limit=2&template=spec&sort=title`).expect(200);
  });

  test('is refused with other filters, another sort or another list', async () => {
    const next = await nextOf('/specs?limit=2&template=spec');
    for (const query of ['template=other', 'template=spec&sort=title', 'template=spec&owner=me', 'q=alerts']) {
      expectProblem(await get(`/specs?limit=2&cursor=${next}&${query}`), 400, 'invalid_cursor');
    }
    expectProblem(await get(`/specs/${specId}/events?cursor=${next}`), 400, 'invalid_cursor');
    const ofEvents = await nextOf(`/specs/${specId}/events?limit=1`).catch(() => 'x');
    expectProblem(await get(`/specs?cursor=${ofEvents}`), 400, 'invalid_cursor');
  });

  test('is refused in another organization, and for another spec', async () => {
    const other = await service.newOrganization();
    const next = await nextOf('/specs?limit=2');
    expectProblem(await other.request('get', `/specs?limit=2&cursor=${next}`), 400, 'invalid_cursor');

    await get(`/specs/${specId}`).expect(200);
    for (const body of ['A.', 'B.']) {
      await service.organization
        .request('patch', `/specs/${specId}/sections/overview`)
        .set('if-match', '*')
        .send({ body })
        .expect(200);
    }
    const ofEvents = await nextOf(`/specs/${specId}/events?limit=1`);
    const { specId: another } = await importSpec(service.organization, document);
    expectProblem(await get(`/specs/${another}/events?limit=1&cursor=${ofEvents}`), 400, 'invalid_cursor');
  });

  test('is refused when it was altered', async () => {
    const next = decodeURIComponent(await nextOf('/specs?limit=2'));
    const [text = '', signature = ''] = next.split('.');
    const forged = Buffer.from(JSON.stringify(["1'; drop table", null])).toString('base64url');
    const altered = [
      'x',
      '.',
      '..',
      text,
      `${text}.`,
      `.${signature}`,
      `${forged}.${signature}`,
      `${text}.${signature.toLowerCase()}x`,
      `${next}.more`,
      ` ${next}`,
      'é'.repeat(200),
      'x'.repeat(999),
    ];
    for (const cursor of altered) {
      expectProblem(await get(`/specs?limit=2&cursor=${encodeURIComponent(cursor)}`), 400, 'invalid_cursor');
    }
  });

  test('is refused when it is none at all', async () => {
    for (const query of ['cursor=', `cursor=${'x'.repeat(1001)}`, 'cursor=a&cursor=b']) {
      expectProblem(await get(`/specs?${query}`), 400, 'invalid_request');
    }
  });
});

describe('a parameter or a header that cannot be used', () => {
  const service = startService();
  let specId: string;
  beforeAll(async () => {
    ({ specId } = await importSpec(service.organization, document));
  });
  const get = (path: string) => service.organization.request('get', path);

  test.each([
    ['/specs', 'limit=0'],
    ['/specs', 'limit=101'],
    ['/specs', 'limit=abc'],
    ['/specs', 'limit=1.5'],
    ['/specs', 'limit=0x10'],
    ['/specs', 'limit=1e1'],
    ['/specs', 'limit='],
    ['/specs', 'limit=5&limit=6'],
    ['/specs', 'number=0'],
    ['/specs', 'number=99999999999999999999'],
    ['/specs', 'sort=owner'],
    ['/specs', 'lifecycle=nonsense'],
    ['/specs', 'label='],
    ['/specs', 'template=No%20Key'],
    ['/specs', 'q='],
    ['/specs', `q=${'x'.repeat(301)}`],
    ['/specs', 'q[]=a'],
    ['/specs/SPEC', 'version=0'],
    ['/specs/SPEC', 'version=abc'],
    ['/specs/SPEC', 'version=-1'],
    ['/specs/SPEC', 'at=nonsense'],
    ['/specs/SPEC', 'at=2026-11-23'],
    ['/specs/SPEC', 'at=2026-11-23T12:00:00'],
    ['/specs/SPEC', 'at=2026-13-01T00:00:00Z'],
    ['/specs/SPEC', 'at=2026-02-30T00:00:00Z'],
    ['/specs/SPEC', 'at=2026-12-31T23:59:60Z'],
    ['/specs/SPEC', 'at=2026-12-31T24:00:00Z'],
    ['/audit/events', 'to=2026-12-31T24:00:00Z'],
    ['/specs/SPEC/diff', 'from=2026-12-31T24:00:00Z'],
    ['/specs/SPEC/sections/overview', 'at=nonsense'],
    ['/specs/SPEC/elements', 'version=none'],
    ['/specs/SPEC/events', 'after=-1'],
    ['/specs/SPEC/events', 'after='],
    ['/specs/SPEC/events', 'limit=101'],
    ['/templates/spec', 'version=zero'],
  ])('in GET %s?%s', async (path, query) => {
    const answer = await get(`${path.replace('SPEC', specId)}?${query}`);
    const code = query.includes('[]') ? 'unknown_query_parameter' : 'invalid_request';
    const { errors } = expectProblem(answer, 400, code);
    expect(errors?.[0]?.pointer).toBe(/^[a-z]+(\[\])?/.exec(query)?.[0]);
  });

  test('in a time: a lower-case or offset time is one, and one before the spec shows nothing', async () => {
    await get(`/specs/${specId}?at=2099-01-01t00:00:00z`).expect(200);
    await get(`/specs/${specId}?at=2099-01-01T00:00:00.123456%2B02:00`).expect(200);
    expectProblem(await get(`/specs/${specId}?at=0000-01-01T00:00:00Z`), 404, 'not_found');
    expectProblem(await get(`/specs/${specId}?version=2`), 404, 'not_found');
  });

  test.each(['-17:00', '%2B23:59'])('in a time: the zone %s is one, wherever time goes', async (zone) => {
    for (const time of [`0000-01-01T00:00:00${zone}`, `9999-12-31T23:59:59${zone}`]) {
      for (const path of ['/review-policies', '/specs', '/review-policies/default']) {
        await get(`${path}?at=${time}`).expect(200);
      }
      const status = time.startsWith('9') ? 200 : 404;
      for (const path of ['', '/votes', '/elements']) await get(`/specs/${specId}${path}?at=${time}`).expect(status);
    }
  });

  test.each(['/audit/events?from', '/audit/events?to', '/audit/views/reopened?bucket=month&to'])(
    'in a time: %s takes years that no calendar has to those that one has',
    async (parameter) => {
      for (const time of ['0000-01-01T00:00:00Z', '0001-01-01T00:00:00%2B01:00', '9999-12-31T23:59:59-00:01']) {
        const answer = await get(`${parameter}=${time}`);
        // A view that ends with the first day would begin before it.
        if (parameter.includes('views') && time.startsWith('0')) expectProblem(answer, 400, 'invalid_request');
        else expect(answer.status, answer.text).toBe(200);
      }
    },
  );

  test.each(['text/html', 'application/xml', 'image/*', 'application/json;q=0', 'nonsense'])(
    'in Accept: %s',
    async (accept) => {
      expectProblem(await get(`/specs/${specId}`).set('accept', accept), 406, 'not_acceptable');
    },
  );

  test('in If-Match', async () => {
    const change = (ifMatch?: string) => {
      const request = service.organization.request('patch', `/specs/${specId}/sections/overview`);
      return (ifMatch === undefined ? request : request.set('if-match', ifMatch)).send({ body: 'New.' });
    };
    expectProblem(await change(), 428, 'precondition_required');
    for (const bad of ['1', '"1', '"1" "2"', '*, "1"', '', '"'.repeat(3000)]) {
      expectProblem(await change(bad), 400, 'invalid_header');
    }
    for (const other of ['"7"', 'W/"1"', '"x"', '"1x"', '"-1"', '"01x", "7"', '"99999999999999999999"']) {
      expectProblem(await change(other), 412, 'stale_version');
    }
    expect((await readSpec(service.organization, specId)).version).toBe(1);
    await change('"7", "1"').expect(200);
  });

  test('in Idempotency-Key', async () => {
    for (const bad of ['', '""', 'x'.repeat(256), 'é', 'a\tb']) {
      const request = service.organization.request('post', '/specs').set('idempotency-key', bad);
      expectProblem(await sendMarkdown(request, document), 400, 'invalid_header');
    }
    const longest = service.organization.request('post', '/specs').set('idempotency-key', '~'.repeat(255));
    await sendMarkdown(longest, document).expect(201);
  });
});
