import { beforeEach, describe, expect, test } from 'vitest';
import { RulesQueries } from '../src/modules/compliance/compliance-rules.queries.js';
import { corpusMissing, ruleFiles } from './support/corpus.js';
import { join } from './support/members.js';
import { packBody, publishPack, putSource, rule, ruleFile, sourcePath } from './support/rules.js';
import type { Tenant } from './support/service.js';
import { problemOf, startService } from './support/service.js';
import { expectProblem, footprint } from './support/specs.js';

type Statement = { statementId: string; force: string; text: string; anchor: string; line: number };
type Receipt = Record<'added' | 'changed' | 'removed', string[]> & { sourceVersion: number; version: number };
type View = { version: number; revision: string | null; blobHash: string; statements: Statement[]; gone: Statement[] };
type Version = Record<'added' | 'removed', Statement[]> & {
  version: number;
  changed: (Statement & { before: string })[];
};

const service = startService();
let tenant: Tenant;
beforeEach(async () => {
  tenant = await service.newOrganization();
});

const encoded = encodeURIComponent(sourcePath);
const put = async (markdown: string, revision?: string) =>
  (await putSource(tenant, markdown, { revision }).expect(200)).body as Receipt;
const source = async () => (await tenant.request('get', `/rule-sources/${encoded}`).expect(200)).body as View;
const idOf = async (text: string) => (await source()).statements.find((one) => one.text === text)?.statementId;
const versions = async () => {
  const answer = await tenant.request('get', `/rule-sources/${encoded}/versions`).expect(200);
  return (answer.body as { items: Version[] }).items;
};
const rulesInForce = () => service.app.get(RulesQueries).forOrganization(tenant.organizationId);
const ruleCalled = async (ruleId: string) => (await rulesInForce()).rules.find((one) => one.ruleId === ruleId);

describe('a rule file', () => {
  test('is taken in as Markdown or JSON, kept byte for byte, and shows its statements', async () => {
    const receipt = await put(ruleFile, 'abc123');
    expect(receipt).toMatchObject({ path: sourcePath, sourceVersion: 1, standing: 'in_force', statements: 2 });
    expect(receipt.added).toHaveLength(2);
    expect(await source()).toMatchObject({
      version: 1,
      revision: 'abc123',
      statements: [
        { force: 'always', text: 'Declare every event before it is emitted.', anchor: 'always', line: 5 },
        { force: 'never', text: 'Never share a cache.', anchor: 'never', line: 9 },
      ],
    });
    const markdown = await tenant.request('get', `/rule-sources/${encoded}`).set('accept', 'text/markdown').expect(200);
    expect(markdown.text).toBe(ruleFile);
    const json = tenant.request('put', `/rule-sources/${encoded}`).send({ markdown: `${ruleFile}\n`, revision: 'def' });
    expect((await json.expect(200)).body).toMatchObject({ sourceVersion: 2, added: [], changed: [], removed: [] });
    const list = (await tenant.request('get', '/rule-sources').expect(200)).body as { items: object[] };
    expect(list.items).toMatchObject([{ path: sourcePath, version: 2, revision: 'def', statementCount: 2 }]);
  });

  test('that is the same makes no version', async () => {
    await put(ruleFile, 'abc123');
    const before = await footprint(service);
    expect(await put(ruleFile, 'def456')).toMatchObject({ sourceVersion: 1, version: 1 });
    expect((await source()).revision).toBe('abc123');
    expect((await footprint(service)).event).toBe(before.event);
  });

  test('tells of each version which statements it added, changed and removed, and what they were', async () => {
    await put(ruleFile);
    const never = await idOf('Never share a cache.');
    const edited = ruleFile
      .replace('Never share a cache.', 'Never share a cache between tenants.')
      .replace('- Declare every event before it is emitted.', '- Count what you send.');
    const { added, changed, removed } = await put(edited);
    expect(changed).toEqual([never]);
    expect([added.length, removed.length]).toEqual([1, 1]);
    expect((await versions())[0]).toMatchObject({
      version: 2,
      added: [{ text: 'Count what you send.' }],
      changed: [{ statementId: never, text: 'Never share a cache between tenants.', before: 'Never share a cache.' }],
      removed: [{ text: 'Declare every event before it is emitted.' }],
    });
    expect((await source()).gone).toMatchObject([{ goneIn: 2, text: 'Declare every event before it is emitted.' }]);
  });

  test('keeps the ids of its statements through edits elsewhere, moves and a return', async () => {
    await put(ruleFile);
    const [first, second] = (await source()).statements.map(({ statementId }) => statementId);
    const moved =
      '# Other\n\nText.\n\n## Never\n\n- Never share a cache.\n- Never sleep.\n\n## Always\n\n- Declare every event before it is emitted.\n';
    expect(await put(moved)).toMatchObject({ changed: [], removed: [] });
    expect(await idOf('Never share a cache.')).toBe(second);
    expect(await idOf('Declare every event before it is emitted.')).toBe(first);
    await put('## Never\n\n- Never sleep.\n');
    expect((await put(moved)).added).toEqual([second, first]);
  });

  test('ends, is no source any more, and can come back', async () => {
    await put(ruleFile);
    const retire = () =>
      tenant.request('post', `/rule-sources/${encoded}/retirement`).send({ reason: 'The package is gone.' });
    expect((await retire().expect(200)).body).toMatchObject({ standing: 'retired' });
    expect((await rulesInForce()).sources).toEqual([]);
    expect((await retire().expect(200)).body).toMatchObject({ version: 2 });
    expect(await put(ruleFile)).toMatchObject({ sourceVersion: 2, added: [], removed: [] });
    expect((await rulesInForce()).sources).toEqual([{ path: sourcePath }]);
  });

  test.each([
    ['/etc/passwd', 422],
    ['a/../b.md', 422],
    ['a//b.md', 422],
    ['a\\b.md', 422],
    ['..', 422],
    ['a/b/', 422],
  ])('at %s is refused', async (path, status) => {
    const answer = await putSource(tenant, ruleFile, { path });
    expect([status, 400]).toContain(answer.status);
    expect(problemOf(answer).code).toMatch(/^(?:validation_failed|invalid_request)$/);
  });

  test('of 10 MB is refused, and so is one over the limit, one of nothing, and one of more rules than can be', async () => {
    expectProblem(await putSource(tenant, 'You MUST.\n\n'.repeat(1_000_000)), 413, 'body_too_large');
    for (const markdown of [
      'x'.repeat(513 * 1024),
      ' \n',
      'You MUST.\n\n'.repeat(2001),
      `${'> '.repeat(120)}You MUST.`,
    ]) {
      const answer = await putSource(tenant, markdown);
      expectProblem(answer, 422, 'validation_failed');
      expect(problemOf(answer).errors?.[0]?.pointer).toBe('/markdown');
    }
  });

  test('is put by an administrator, and by no agent', async () => {
    const writer = await join(tenant, 'Ann', { role: 'writer' });
    const bot = await join(tenant, 'Bot', { kind: 'agent', role: 'admin' });
    for (const { apiKey } of [writer, bot]) {
      expectProblem(await putSource(tenant, ruleFile, { apiKey }), 403, 'not_permitted');
      expectProblem(await publishPack(tenant, 'house', {}, apiKey), 403, 'not_permitted');
    }
  });
});

test.skipIf(corpusMissing)('the 18 real rule files are taken in, and again without a change', async () => {
  for (const { path, bytes } of ruleFiles()) await putSource(tenant, bytes.toString(), { path }).expect(200);
  const list = (await tenant.request('get', '/rule-sources').expect(200)).body as {
    items: { statementCount: number }[];
  };
  expect(list.items).toHaveLength(18);
  expect(list.items.reduce((sum, one) => sum + one.statementCount, 0)).toBe(307);
  for (const { path, bytes } of ruleFiles()) {
    expect((await putSource(tenant, bytes.toString(), { path }).expect(200)).body).toMatchObject({ version: 1 });
  }
});

describe('a rule pack', () => {
  const inSource = async (text: string, changes: object = {}) => {
    const source = { path: sourcePath, statementId: await idOf(text) };
    return { rules: [rule({ statement: undefined, source, ...changes })] };
  };

  test('is published, read in full, listed beside the built-in one, and gets a version with each change', async () => {
    const first = (await publishPack(tenant, 'house').expect(200)).body as { hash: string };
    expect(first).toMatchObject({ packKey: 'house', packVersion: 1, standing: 'in_force' });
    expect((await publishPack(tenant, 'house', { reason: 'The same again.' }).expect(200)).body).toMatchObject({
      packVersion: 1,
      version: 1,
    });
    await publishPack(tenant, 'house', { rules: [rule({ severity: 'advisory' }), rule({ key: 'more' })] }).expect(200);
    const pack = (await tenant.request('get', '/rule-packs/house').expect(200)).body as { hash: string };
    expect(pack).toMatchObject({
      version: 2,
      rules: [{ key: 'declared-events', severity: 'advisory', mode: 'enforced', wrongAtMost: 10 }, { key: 'more' }],
    });
    expect(pack.hash).not.toBe(first.hash);
    const { items } = (await tenant.request('get', '/rule-packs/house/versions').expect(200)).body as {
      items: object[];
    };
    expect(items).toMatchObject([
      { version: 2, added: ['more'], changed: ['declared-events'], removed: [] },
      { version: 1, added: ['declared-events'], changed: [], removed: [] },
    ]);
    const list = (await tenant.request('get', '/rule-packs').expect(200)).body as { items: object[] };
    expect(list.items).toMatchObject([
      { packKey: 'template', builtIn: true },
      { packKey: 'house', ruleCount: 2 },
    ]);
    expect((await tenant.request('get', '/rule-packs/template').expect(200)).body).toMatchObject({ builtIn: true });
  });

  test('judges in the words of the rule file, as they are now, and in the last ones when they are gone', async () => {
    await put(ruleFile, 'one');
    await publishPack(tenant, 'house', await inSource('Never share a cache.')).expect(200);
    expect(await ruleCalled('house.declared-events')).toMatchObject({
      statement: 'Never share a cache.',
      source: { path: sourcePath, anchor: 'never', revision: 'one' },
      isGone: false,
    });
    await put(ruleFile.replace('share a cache', 'ever share a cache'), 'two');
    expect(await ruleCalled('house.declared-events')).toMatchObject({
      statement: 'Never ever share a cache.',
      source: { revision: 'two' },
    });
    await put('# Nothing\n', 'three');
    expect(await ruleCalled('house.declared-events')).toMatchObject({
      statement: 'Never ever share a cache.',
      source: { revision: 'two', anchor: 'never' },
      isGone: true,
    });
    const again = {
      rules: [rule({ key: 'other', statement: undefined, source: { path: sourcePath, statementId: 'aaaaaaaaaaaa' } })],
    };
    expectProblem(await publishPack(tenant, 'house', again), 422, 'validation_failed');
  });

  test('moves the hash that verdicts are bound to when a rule does, and not when the file is edited elsewhere', async () => {
    await put(ruleFile);
    const { packHash: builtIn } = await rulesInForce();
    await publishPack(tenant, 'house', await inSource('Never share a cache.')).expect(200);
    const { packHash } = await rulesInForce();
    expect(packHash).not.toBe(builtIn);
    await put(`${ruleFile}\nMore text. It MUST be read.\n`);
    expect((await rulesInForce()).packHash).toBe(packHash);
    await put(ruleFile.replace('share a cache', 'share the cache'));
    expect((await rulesInForce()).packHash).not.toBe(packHash);
  });

  test('ends with its rules, and hands out the ids that it allows while it is in force', async () => {
    await publishPack(tenant, 'house', { allowedIds: ['b.c.d', 'a.b.c'] }).expect(200);
    expect((await rulesInForce()).allowedIds).toEqual(['a.b.c', 'b.c.d']);
    const { packHash } = await rulesInForce();
    await tenant.request('post', '/rule-packs/house/retirement').send({ reason: 'Nobody needs it.' }).expect(200);
    const after = await rulesInForce();
    expect(after.allowedIds).toEqual([]);
    expect(after.rules.every(({ pack }) => pack === 'template')).toBe(true);
    expect(after.packHash).not.toBe(packHash);
  });

  test.each([
    ['has a key twice', { rules: [rule(), rule()] }, '/rules/1/key'],
    ['has a rule without words', { rules: [rule({ statement: undefined })] }, '/rules/0/statement'],
    [
      'has a rule with words twice',
      { rules: [rule({ source: { path: 'a.md', statementId: 'aaaaaaaaaaaa' } })] },
      '/rules/0/statement',
    ],
    [
      'cites a statement that no file has',
      { rules: [rule({ statement: undefined, source: { path: 'a.md', statementId: 'aaaaaaaaaaaa' } })] },
      '/rules/0/source',
    ],
    ['has a check that is attested', { rules: [rule({ check: 'risks.complete' })] }, '/rules/0/check'],
    ['decides without a check', { rules: [rule({ evaluator: 'deterministic' })] }, '/rules/0/check'],
    [
      'takes a join for a fact of the text',
      { rules: [rule({ evaluator: 'deterministic', check: 'consistency.cache_reads' })] },
      '/rules/0/check',
    ],
    ['has an unknown check', { rules: [rule({ evaluator: 'deterministic', check: 'regexp' })] }, '/rules/0/check'],
    ['has no rules', { rules: [] }, '/rules'],
    ['has a path that breaks the line', { rules: [rule({ applies: { paths: ['a\nb'] } })] }, '/rules/0/applies/paths'],
    ['touches what there is not', { rules: [rule({ applies: { touches: ['regexps'] } })] }, '/rules/0/applies/touches'],
  ])('that %s is refused', async (_, changes, pointer) => {
    const answer = await publishPack(tenant, 'house', changes);
    expectProblem(answer, 422, 'validation_failed');
    expect(problemOf(answer).errors?.map((error) => error.pointer)).toContain(pointer);
  });

  test('has no key of the built-in one', async () => {
    expectProblem(await publishPack(tenant, 'template'), 422, 'validation_failed');
    expectProblem(
      await tenant.request('post', '/rule-packs/nowhere/retirement').send({ reason: 'It is mine.' }),
      404,
      'not_found',
    );
  });

  test('takes a pattern that would hang a regular expression, and is published by five at once in five versions', async () => {
    const hostile = rule({ applies: { paths: ['(a+)+$', `${'*a'.repeat(149)}b`] } });
    await publishPack(tenant, 'house', { rules: [hostile] }).expect(200);
    const racing = [1, 2, 3, 4, 5].map((number) =>
      tenant
        .request('put', '/rule-packs/raced')
        .send(packBody({ title: `Pack ${number}` }))
        .expect(200),
    );
    const raced = (await Promise.all(racing)).map(({ body }) => (body as { packVersion: number }).packVersion);
    expect(raced.sort()).toEqual([1, 2, 3, 4, 5]);
  });
});
