import { beforeEach, describe, expect, test } from 'vitest';
import { RulesQueries } from '../src/modules/compliance/compliance-rules.queries.js';
import { packBody, publishPack, putSource, rule, ruleFile, sourcePath } from './support/rules.js';
import type { Tenant } from './support/service.js';
import { problemOf, startService } from './support/service.js';
import { expectProblem } from './support/specs.js';

const service = startService();
let tenant: Tenant;
beforeEach(async () => {
  tenant = await service.newOrganization();
});

const put = (markdown: string, revision?: string) => putSource(tenant, markdown, { revision }).expect(200);
const idOf = async (text: string) => {
  const answer = await tenant.request('get', `/rule-sources/${encodeURIComponent(sourcePath)}`).expect(200);
  const { statements } = answer.body as { statements: { statementId: string; text: string }[] };
  return statements.find((one) => one.text === text)?.statementId;
};
const rulesInForce = () => service.app.get(RulesQueries).forOrganization(tenant.organizationId);
const ruleCalled = async (ruleId: string) => (await rulesInForce()).rules.find((one) => one.ruleId === ruleId);

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
