import { beforeEach, describe, expect, test } from 'vitest';
import { RulesQueries } from '../src/modules/compliance/compliance-rules.queries.js';
import { corpusMissing, ruleFiles } from './support/corpus.js';
import { join } from './support/members.js';
import { publishPack, putSource, ruleFile, sourcePath } from './support/rules.js';
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
