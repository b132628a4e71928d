import { beforeAll, describe, expect, test } from 'vitest';
import type { Tenant } from './support/service.js';
import { startService } from './support/service.js';
import type { SpecJson } from './support/specs.js';
import { documentOf, importSpec, readSpec } from './support/specs.js';

type Fragment = { sectionKey: string; text: string; highlights: [number, number][] };
type Summary = SpecJson & { match?: { rank: number; fragments: Fragment[] } };
type Page = { items: Summary[]; page: { next: string | null } };

const list = async (tenant: Tenant, query: string) =>
  (await tenant.request('get', `/specs?${query}`).expect(200)).body as Page;

/** Every page of a list, one after another. */
async function allPages(tenant: Tenant, query: string): Promise<Summary[]> {
  const items: Summary[] = [];
  for (let cursor = ''; ;) {
    const { items: some, page } = await list(tenant, query + cursor);
    items.push(...some);
    if (page.next === null) return items;
    cursor = `&cursor=${encodeURIComponent(page.next)}`;
  }
}

/** Different words of three letters of an alphabet. */
const words = (count: number, alphabet: number, between: string): string =>
  Array.from({ length: count }, (_, n) =>
    String.fromCodePoint(...[n, n / 40, n / 1600].map((part) => alphabet + (Math.floor(part) % 40))),
  ).join(between);

describe('the list of specs', () => {
  const service = startService();
  beforeAll(async () => {
    for (let made = 1; made <= 60; made += 4) {
      const batch = [0, 1, 2, 3].map((more) => made + more);
      await Promise.all(
        batch.map((n) =>
          importSpec(service.organization, documentOf(`Title ${n % 7}`, { Overview: `Words ${n % 5}.` })),
        ),
      );
    }
  });

  test.each(['number', '-number', 'title', '-title', 'createdAt', '-createdAt', 'updatedAt', '-updatedAt'])(
    'sorted by %s shows each of sixty once, in order, page by page',
    async (sort) => {
      const items = await allPages(service.organization, `limit=7&sort=${sort}`);
      expect(new Set(items.map(({ number }) => number)).size).toBe(60);
      expect(items).toHaveLength(60);
      const field = sort.replace('-', '') as 'number' | 'title' | 'createdAt' | 'updatedAt';
      const values = items.map((item) => item[field]);
      const sorted = values.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
      expect(values).toEqual(sort.startsWith('-') ? sorted.reverse() : sorted);
    },
  );

  test('starts with the newest, 25 at a time', async () => {
    const { items, page } = await list(service.organization, '');
    expect(items.map(({ number }) => number)).toEqual(Array.from({ length: 25 }, (_, index) => 60 - index));
    expect(page.next).toEqual(expect.any(String));
    expect(items[0]).not.toHaveProperty('match');
    expect(items[0]).not.toHaveProperty('sections');
  });

  test('in the order of a search neither skips nor repeats', async () => {
    for (const sort of ['', '&sort=rank', '&sort=title', '&sort=-updatedAt']) {
      const found = await allPages(service.organization, `q=words&limit=7${sort}`);
      expect(found).toHaveLength(60);
      expect(new Set(found.map(({ number }) => number)).size).toBe(60);
    }
  });

  test('is filtered by number, label, owner, template and lifecycle, alone and together', async () => {
    const tenant = await service.newOrganization();
    const create = (title: string, more: object) =>
      tenant
        .request('post', '/specs')
        .send({ title, ...more })
        .expect(201);
    await create('A', { labels: ['search', 'ui'], owner: 'team-a' });
    await create('B', { labels: ['search'], owner: 'team b' });
    await create('C', {});
    const found = async (query: string) =>
      (await list(tenant, `sort=number&${query}`)).items.map(({ title }) => title).join('');
    expect(await found('label=search')).toBe('AB');
    expect(await found('label=ui&owner=team-a')).toBe('A');
    expect(await found('owner=team%20b')).toBe('B');
    expect(await found('label=sear')).toBe('');
    expect(await found('number=3')).toBe('C');
    expect(await found('template=spec&lifecycle=draft')).toBe('ABC');
    expect(await found('template=other')).toBe('');
    expect(await found('label=%27%20or%20true--')).toBe('');
  });
});

describe('the search for words', () => {
  const service = startService();
  let tenant: Tenant;
  const search = (asked: string) => list(tenant, `q=${encodeURIComponent(asked)}`);
  const titles = async (asked: string) => (await search(asked)).items.map(({ title }) => title);
  beforeAll(async () => {
    tenant = service.organization;
    await importSpec(tenant, documentOf('Invoices', { Overview: 'Customers are billed monthly by a robot.' }));
    await importSpec(tenant, documentOf('Robots', { Overview: 'Machines that paint.', Rollout: 'In red only.' }));
    await importSpec(
      tenant,
      documentOf('Painting', { Overview: 'A red robot, and a robot arm.', Limits: 'Paints dry slowly.' }),
    );
  });

  test('finds them in titles and bodies, whatever their ending, the title before the rest', async () => {
    expect((await titles('robot'))[0]).toBe('Robots');
    expect((await titles('robots')).toSorted()).toEqual(['Invoices', 'Painting', 'Robots']);
    expect(await titles('painted')).toEqual(['Painting', 'Robots']);
    const { items } = await search('robot');
    const ranks = items.map(({ match }) => match?.rank ?? 0);
    expect(ranks).toEqual(ranks.toSorted((a, b) => b - a));
    expect(ranks.at(-1)).toBeGreaterThan(0);
  });

  test('needs all of them, and knows phrases, alternatives and exclusions', async () => {
    expect(await titles('robot billing')).toEqual(['Invoices']);
    expect(await titles('"red robot"')).toEqual(['Painting']);
    expect((await titles('robot -red')).toSorted()).toEqual(['Invoices']);
    expect((await titles('billed or arm')).toSorted()).toEqual(['Invoices', 'Painting']);
    expect(await titles('nowhere')).toEqual([]);
  });

  test('shows where they stand', async () => {
    for (const asked of ['robots', '"red robot"', 'robot -billed', 'billed or arm', 'paint -nowhere']) {
      const { items } = await search(asked);
      expect(items.length).toBeGreaterThan(0);
      for (const { specId, match } of items) {
        const { sections } = await readSpec(tenant, specId);
        for (const { sectionKey, text, highlights } of match?.fragments ?? []) {
          expect(highlights.length, `${asked}: ${text}`).toBeGreaterThan(0);
          expect(sections.find(({ key }) => key === sectionKey)?.body).toContain(text.trim());
          for (const [start, end] of highlights)
            expect(text.slice(start, end)).toMatch(/^(robots?|red|billed|arm|paints?)$/i);
        }
      }
    }
    const [first] = (await search('"red robot"')).items;
    expect(first?.match?.fragments).toHaveLength(1);
  });

  test('sees what was written just before, and no longer what was taken out', async () => {
    const { specId } = await importSpec(tenant, documentOf('Fresh', { Overview: 'Quicksilver.' }));
    expect(await titles('quicksilver')).toEqual(['Fresh']);
    const edit = tenant.request('patch', `/specs/${specId}/sections/overview`).set('if-match', '*');
    await edit.send({ body: 'Mercury.' }).expect(200);
    expect(await titles('quicksilver')).toEqual([]);
    expect(await titles('mercury')).toEqual(['Fresh']);
    await tenant.request('delete', `/specs/${specId}/sections/overview`).set('if-match', '*').expect(200);
    expect(await titles('mercury')).toEqual([]);
    await tenant.request('put', `/specs/${specId}/title`).set('if-match', '*').send({ title: 'Stale' }).expect(200);
    expect([await titles('fresh'), await titles('stale')]).toEqual([[], ['Stale']]);
  });

  test.each([
    'the',
    '"',
    '"""',
    '-',
    '- -',
    '-robot',
    'or',
    '!&|:*()',
    "'; drop",
    '<->',
    '\\',
    'a&b|c',
    'http://x.y/?a=1&b=2',
    '🚀',
    '‮',
  ])('takes %s for words too', async (asked) => {
    expect(Array.isArray((await search(asked)).items)).toBe(true);
  });

  test.each([
    ['one word of two mebibytes', 'x'.repeat(2_000_000)],
    ['pairs of words of three bytes a letter', words(62_000, 0x10d0, ' ').replace(/(\S+) (\S+) /g, '$1-$2 ')],
    ['sixty thousand addresses', Array.from({ length: 60_000 }, (_, n) => `h${n}.example.com/p${n}`).join(' ')],
    ['words of four bytes a letter', words(80_000, 0x10400, ' ')],
  ])('is not broken by a document of %s', async (_, body) => {
    await importSpec(tenant, documentOf('Odd', { Overview: body }));
    expect(await titles('billed')).toEqual(['Invoices']);
    expect((await titles('odd')).length).toBeGreaterThan(0);
  });
});
