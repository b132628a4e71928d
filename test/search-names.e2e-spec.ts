import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Tenant } from './support/service.js';
import { runOn, startService } from './support/service.js';
import type { SpecJson } from './support/specs.js';
import { documentOf, importSpec, readSpec } from './support/specs.js';

type Fragment = { sectionKey: string; text: string; highlights: [number, number][] };
type Found = SpecJson & { match: { rank: number; fragments: Fragment[] } };

const service = startService();
const search = async (tenant: Tenant, asked: string) =>
  (await tenant.request('get', `/specs?limit=100&q=${encodeURIComponent(asked)}`).expect(200)).body as {
    items: Found[];
  };
const titles = async (tenant: Tenant, asked: string) => (await search(tenant, asked)).items.map(({ title }) => title);

/** What fragments of a search mark, as it stands there. */
const marked = ({ items }: { items: Found[] }): string[] =>
  items.flatMap(({ match }) =>
    match.fragments.flatMap(({ text, highlights }) => highlights.map(([start, end]) => text.slice(start, end))),
  );

describe('a search for names', () => {
  let tenant: Tenant;
  const names: [name: string, parts: string[]][] = [
    ['wms.quagga.receive', ['wms', 'quagga', 'receive', 'wms.quagga', 'quagga.receive', 'received']],
    ['QuokkaClient.has_changed()', ['QuokkaClient', 'quokkaclient', 'quokka', 'Client', 'has_changed', 'changed']],
    [
      'packages/core/src/order-service.ts',
      ['packages', 'core', 'order', 'order-service', 'src/order-service.ts', 'ts'],
    ],
    [
      'https://numbat.example.com/v2/quolls?page=dunnart#top',
      ['numbat', 'quolls', '/v2/quolls', 'dunnart', 'example.com'],
    ],
    ['BILBY_HTTP_PORT', ['bilby', 'HTTP', 'port', 'BILBY_HTTP', 'http_port']],
    ['sugar-glider-256', ['sugar', 'glider', '256', 'sugar-glider']],
    ['fetchPotorooById', ['potoroo', 'fetch', 'fetchPotoroo', 'PotorooById']],
    ['XMLBettongParser', ['xml', 'bettong', 'BettongParser']],
    ['/kowaris', ['kowaris', 'kowari']],
    ['team@monjon.example.org', ['monjon', 'team', 'monjon.example.org']],
    ['$.mulgara[0].weight', ['mulgara', 'weight', '0']],
    ['größe.straße.Wüstenfuchs', ['größe', 'straße', 'wüstenfuchs']],
    ['событие.заказ.создан', ['событие', 'заказ', 'создан']],
    ['注文.作成', ['注文', '作成']],
  ];
  const titleOf = (asked: string) => `Number ${names.findIndex(([name]) => name === asked)}`;
  beforeAll(async () => {
    tenant = service.organization;
    for (const [name] of names) {
      await importSpec(tenant, documentOf(titleOf(name), { Overview: `Robots call (${name}), which answers.` }));
    }
    await importSpec(
      tenant,
      documentOf('Prose', { Overview: 'A quagga is there, received by a robot, and a paid order waits.' }),
    );
  });

  test.each(names)('finds %s by itself and by each part, and shows it as it stands', async (name, parts) => {
    for (const asked of [name, ...parts]) {
      const answer = await search(tenant, asked);
      const found = answer.items.filter(({ title }) => title === titleOf(name));
      expect(found.length, asked).toBeGreaterThan(0);
      for (const { specId, match } of found) {
        const body = (await readSpec(tenant, specId)).sections[0]?.body ?? '';
        for (const { text } of match.fragments) expect(body).toContain(text);
      }
      const hits = marked({ items: found });
      expect(hits.length, asked).toBeGreaterThan(0);
      for (const hit of hits) expect(name, asked).toContain(hit);
    }
  });

  test('marks the part that was found, and a whole name as one', async () => {
    expect(marked(await search(tenant, 'numbat'))).toEqual(['numbat']);
    expect(marked(await search(tenant, 'bettong'))).toEqual(['Bettong']);
    expect(marked(await search(tenant, 'wms.quagga.receive'))).toEqual(['wms.quagga.receive']);
    expect(marked(await search(tenant, 'quagga.receive'))).toEqual(['quagga.receive']);
    expect(marked(await search(tenant, 'fetchPotoroo'))).toEqual(['fetchPotoroo']);
    expect(marked(await search(tenant, 'quokkaclient'))).toEqual(['QuokkaClient']);
  });

  test('takes a name for its parts in a row, not for words somewhere', async () => {
    expect(await titles(tenant, 'wms.receive')).toEqual([]);
    expect(await titles(tenant, 'receive.quagga')).toEqual([]);
    expect(await titles(tenant, 'isPaid')).toEqual([]);
    expect(await titles(tenant, 'glider.fetch')).toEqual([]);
  });

  test('knows names in phrases, alternatives and exclusions', async () => {
    const [quagga, quokka] = ['Number 0', 'Number 1'];
    expect(await titles(tenant, '"call wms.quagga.receive"')).toEqual([quagga]);
    expect(await titles(tenant, '"quagga receive"')).toEqual([quagga]);
    expect(await titles(tenant, '"robots wms.quagga.receive"')).toEqual([]);
    expect((await titles(tenant, 'quagga.receive or QuokkaClient')).toSorted()).toEqual([quagga, quokka]);
    expect(await titles(tenant, 'quagga -wms.quagga')).toEqual(['Prose']);
    expect(await titles(tenant, 'quagga -wms.quagga.receive')).toEqual(['Prose']);
    expect(await titles(tenant, 'quagga -"wms quagga"')).toEqual(['Prose']);
    expect(await titles(tenant, 'quagga robots calling')).toEqual([quagga]);
  });

  test('ranks a whole name as high as ever, and a word that stands alone before a part of a name', async () => {
    const own = await service.newOrganization();
    await importSpec(own, documentOf('Spread', { Overview: 'The wms first, a quagga then, and receive at the end.' }));
    await importSpec(own, documentOf('Whole', { Overview: 'See wms.quagga.receive for it.' }));
    await importSpec(own, documentOf('wms.quagga.receive', { Overview: 'Nothing.' }));
    const { items } = await search(own, 'wms.quagga.receive');
    expect(items.map(({ title }) => title)).toEqual(['wms.quagga.receive', 'Whole']);
    expect(items[0]?.match.rank).toBeGreaterThanOrEqual(1);
    expect(items[1]?.match.rank).toBeGreaterThanOrEqual(0.4);
    expect(await titles(own, 'quagga')).toEqual(['wms.quagga.receive', 'Spread', 'Whole']);
  });

  test('finds names late in a long document that holds their parts often', async () => {
    const own = await service.newOrganization();
    const long = 'wms receive '.repeat(300) + 'w '.repeat(20_000) + 'b.c '.repeat(1000);
    await importSpec(own, documentOf('Long', { Overview: `${long} wms.quagga.receive` }));
    expect(await titles(own, 'wms.quagga.receive')).toEqual(['Long']);
    expect(marked(await search(own, 'quagga'))).toEqual(['quagga']);
  });

  test('finds what an earlier version of the service indexed', async () => {
    const { organizationId } = tenant;
    await runOn(
      service.databaseUrl,
      `update specline.spec_search set reading = 0, words = to_tsvector('english', 'wms.quagga.receive')
        where organization_id = '${organizationId}'`,
    );
    expect(await titles(tenant, 'numbat')).toEqual(['Number 3']);
  });
});

describe('any name', () => {
  // No stop word can come of these letters: PostgreSQL leaves out stop words.
  const part = fc.string({
    unit: fc.constantFrom(...'bcdfghjklpqrvwxzBCDFGHKZ0123456789'),
    minLength: 1,
    maxLength: 12,
  });
  const sign = fc.constantFrom(
    '.',
    '/',
    '_',
    '-',
    ':',
    '::',
    '@',
    '\\',
    '#',
    '?',
    '=',
    '&',
    '->',
    '+',
    '()',
    '[',
    '~',
    '$',
    '%',
  );
  const anyName = fc
    .tuple(part, fc.array(fc.tuple(sign, part), { minLength: 1, maxLength: 5 }))
    .map(([first, more]) => ({ name: first + more.flat().join(''), parts: [first, ...more.map(([, next]) => next)] }));

  test('is found by itself and by every part, and shown as it stands', async () => {
    const property = fc.asyncProperty(anyName, async ({ name, parts }) => {
      const own = await service.newOrganization();
      const { specId } = await importSpec(own, documentOf('Any', { Overview: `Somebody calls ${name} in time.` }));
      const body = (await readSpec(own, specId)).sections[0]?.body ?? '';
      for (const asked of [...parts, ...(name.startsWith('-') ? [] : [name])]) {
        const { items } = await search(own, asked);
        expect(items, asked).toHaveLength(1);
        const [fragment] = items[0]?.match.fragments ?? [];
        expect(body, asked).toContain(fragment?.text ?? 'no fragment');
        expect(fragment?.highlights.length, asked).toBeGreaterThan(0);
      }
    });
    await fc.assert(property, { numRuns: 60 });
  });

  test('and any search is answered', async () => {
    const sign = fc.oneof(
      fc.constantFrom(...`"-'\\|&!():*<> ./_`, ' or ', 'aB', 'the', 'a.b'),
      fc.string({ unit: 'grapheme' }),
    );
    const line = fc.array(sign, { minLength: 1, maxLength: 30 }).map((signs) => signs.join('').slice(0, 200));
    const property = fc.asyncProperty(line, async (asked) => {
      const { status } = await service.organization.request(
        'get',
        `/specs?q=${encodeURIComponent(asked.toWellFormed())}`,
      );
      // A line holds no control characters, and is not empty.
      expect([200, 400]).toContain(status);
    });
    await fc.assert(property, { numRuns: 200 });
  });

  test.each([
    ['a million dots', '.'.repeat(1_000_000)],
    ['a name of a million parts', 'ab.'.repeat(600_000)],
    ['a word of a million humps', 'aB'.repeat(900_000)],
    ['different names', Array.from({ length: 90_000 }, (_, n) => `x${n}.yZ${n}/w_${n}`).join(' ')],
    [
      'names of three bytes a letter',
      Array.from(
        { length: 100_000 },
        (_, n) => String.fromCodePoint(0x10d0 + (n % 40), 0x10d0 + (Math.floor(n / 40) % 40)) + '.-'[n % 2],
      ).join(''),
    ],
    ['tags', '<a><b c="d">'.repeat(100_000)],
    ['quotes and controls', `"'\\ \u0001\u0004a.b `.repeat(100_000)],
  ])('of a document of %s breaks neither writes nor searches', async (_, body) => {
    const own = await service.newOrganization();
    await importSpec(own, documentOf('Odd.one', { Overview: body }));
    for (const asked of ['odd', 'ab', 'x1', 'a.b', '.'.repeat(300), 'a.'.repeat(150), 'aB'.repeat(150)]) {
      const started = performance.now();
      await search(own, asked);
      expect(performance.now() - started).toBeLessThan(10_000);
    }
    expect(await titles(own, 'odd')).toEqual(['Odd.one']);
  });
});
