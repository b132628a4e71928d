import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startService } from './support/service.js';
import { documentOf, expectProblem, footprint, importSpec } from './support/specs.js';

const document = documentOf('Alerts', { Overview: 'Old.', Rollout: 'Slow.' });
const someId = '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11';

describe('a field that breaks its rule', () => {
  const service = startService();
  let specId: string;
  let before: Record<string, unknown>;
  beforeAll(async () => {
    ({ specId } = await importSpec(service.organization, document));
    before = await footprint(service);
  });
  afterAll(async () => expect(await footprint(service)).toEqual(before));

  const send = (method: 'post' | 'put' | 'patch', path: string, body: object) =>
    service.organization.request(method, path.replace('SPEC', specId)).set('if-match', '*').send(body);

  type Case = [method: 'post' | 'put' | 'patch', path: string, body: object, pointers: string[]];
  const text = { heading: 'A', body: 'Text.' };
  const update = { name: 'spec.section.update', body: { sectionKey: 'overview', body: 'New.' } };
  const cases: Case[] = [
    ['post', '/specs', {}, ['/title']],
    ['post', '/specs', { title: ' ' }, ['/title']],
    ['post', '/specs', { title: 'A\nB' }, ['/title']],
    ['post', '/specs', { title: 'x'.repeat(301) }, ['/title']],
    ['post', '/specs', { title: ['A'] }, ['/title']],
    ['post', '/specs', { title: 'A', owner: 7, template: 'No Key' }, ['/owner', '/template']],
    ['post', '/specs', { title: 'A', template: null }, ['/template']],
    ['post', '/specs', { title: 'A', labels: ['a', 'a'] }, ['/labels']],
    ['post', '/specs', { title: 'A', labels: ['a', 7] }, ['/labels']],
    ['post', '/specs', { title: 'A', labels: { length: 0 } }, ['/labels']],
    ['post', '/specs', { title: 'A', labels: Array.from({ length: 51 }, (_, n) => `l${n}`) }, ['/labels']],
    ['post', '/specs', { title: 'A', specId: someId }, ['/specId']],
    ['post', '/specs', { title: 'A', lifecycle: 'approved', number: 7 }, ['/lifecycle', '/number']],
    ['post', '/specs', { title: 'A', caller: { organizationId: someId } }, ['/caller']],
    ['post', '/specs', { title: 'A', facts: { number: 7 } }, ['/facts']],
    ['post', '/specs', { title: 'A', constructor: { name: 'x' } }, ['/constructor']],
    ['post', '/specs', { title: 'A', toString: 'x' }, ['/toString']],
    ['post', '/specs', { title: 'A', 'a/b~c': 1 }, ['/a~1b~0c']],
    ['patch', '/specs/SPEC/sections/overview', { body: null }, ['/body']],
    ['patch', '/specs/SPEC/sections/overview', { body: 'New.', sectionKey: 'rollout' }, ['/sectionKey']],
    ['patch', '/specs/SPEC/sections/overview', { heading: '' }, ['/heading']],
    ['post', '/specs/SPEC/sections', { ...text, position: '0' }, ['/position']],
    ['post', '/specs/SPEC/sections', { ...text, position: 0.5 }, ['/position']],
    ['post', '/specs/SPEC/sections', { ...text, position: -1 }, ['/position']],
    ['post', '/specs/SPEC/sections', { ...text, position: 3 }, ['/position']],
    ['post', '/specs/SPEC/sections/overview/move', { position: 2 }, ['/position']],
    ['put', '/specs/SPEC/sections/overview/not-applicable', { reason: 'No.' }, ['/reason']],
    ['put', '/specs/SPEC/labels', {}, ['/labels']],
    ['put', '/specs/SPEC/owner', {}, ['/owner']],
    ['put', '/specs/SPEC/title', { title: null }, ['/title']],
    ['post', '/specs/SPEC/relations', { type: 'likes', relatedSpecId: '7' }, ['/type', '/relatedSpecId']],
    ['put', '/specs/SPEC', {}, ['/sections']],
    ['put', '/specs/SPEC', { sections: { length: 1 } }, ['/sections']],
    ['put', '/specs/SPEC', { sections: [text, { heading: 'B' }] }, ['/sections/1/body']],
    ['put', '/specs/SPEC', { sections: [{ ...text, text: 'x' }] }, ['/sections/0/text']],
    ['put', '/specs/SPEC', { sections: [null] }, ['/sections']],
    ['put', '/specs/SPEC', { sections: ['text'] }, ['/sections']],
    ['put', '/specs/SPEC', { sections: [[text]] }, ['/sections']],
    ['put', '/specs/SPEC', { sections: [], relations: [[]] }, ['/relations']],
    ['put', '/specs/SPEC', { sections: [], relations: [{ type: 'supersedes' }] }, ['/relations/0/specId']],
    ['post', '/specs/SPEC/commands', { commands: [] }, ['/commands']],
    ['post', '/specs/SPEC/commands', { commands: [null] }, ['/commands']],
    ['post', '/specs/SPEC/commands', { commands: [[update]] }, ['/commands']],
    ['post', '/specs/SPEC/commands', { commands: Array(101).fill(update) }, ['/commands']],
    ['post', '/specs/SPEC/commands', { commands: [update, { name: update.name, body: [] }] }, ['/commands/1/body']],
    [
      'post',
      '/specs/SPEC/commands',
      { commands: [update, { ...update, body: { ...update.body, body: 7, more: 1 } }] },
      ['/commands/1/body/body', '/commands/1/body/more'],
    ],
    [
      'post',
      '/specs/SPEC/commands',
      { commands: [{ ...update, body: { ...update.body, specId: someId } }] },
      ['/commands/0/body/specId'],
    ],
    ['post', '/templates', { key: 'Not A Key', title: '', markdown: 7 }, ['/key', '/markdown', '/title']],
    ['post', '/api-keys', { name: 'ci', role: 'owner' }, ['/role']],
    ['post', '/api-keys', { name: 'ci', role: 'admin', keyHash: 'x' }, ['/keyHash']],
    ['post', '/api-keys', { name: 'ci', role: 'admin', organizationId: someId }, ['/organizationId']],
  ];

  test.each(cases)('%s %s: %j', async (method, path, body, pointers) => {
    const { errors = [] } = expectProblem(await send(method, path, body), 422, 'validation_failed');
    const found = new Set(errors.map(({ pointer }) => pointer));
    for (const pointer of pointers) expect([...found].some((one) => one.startsWith(pointer))).toBe(true);
  });

  test.each(['constructor', 'toString', 'valueOf'])('named %s is told of alone, and once', async (name) => {
    const message = `there is no "${name}"`;
    const { detail, errors } = expectProblem(
      await send('post', '/specs', { title: 'A', [name]: 1 }),
      422,
      'validation_failed',
    );
    expect({ detail, errors }).toEqual({
      detail: message,
      errors: [{ pointer: `/${name}`, code: 'unknown', message }],
    });
  });

  test('of another kind is told of once, and by none of the rules that its kind keeps', async () => {
    const rulesBroken = async (body: object) => {
      const answer = await send('post', '/specs/SPEC/sections', { ...text, ...body });
      return expectProblem(answer, 422, 'validation_failed').errors?.map(({ pointer, code }) => [pointer, code]);
    };
    expect(await rulesBroken({ heading: 7 })).toEqual([['/heading', 'isString']]);
    expect(await rulesBroken({ position: '0' })).toEqual([['/position', 'isInt']]);
    expect(await rulesBroken({ position: -1 })).toEqual([['/position', 'min']]);
    for (const [asked, code] of Object.entries({ x: 'isInt', '1.5': 'isInt', '-1': 'min', '99999999999': 'max' })) {
      const answer = await service.organization.request('get', `/events?after=${asked}`);
      expect(expectProblem(answer, 400, 'invalid_request').errors).toMatchObject([{ pointer: 'after', code }]);
    }
  });

  // By code points, as JSON Schema counts: a variation selector is one of them.
  test.each(['😀'.repeat(301), 'a\ufe0f'.repeat(151), 'e\u0301'.repeat(151)])('is too long: %s', async (title) => {
    expectProblem(await send('post', '/specs', { title }), 422, 'validation_failed');
    expectProblem(await send('put', '/specs/SPEC/title', { title }), 422, 'validation_failed');
  });

  test('in a batch names no command that there is', async () => {
    for (const name of ['spec.section.explode', 'constructor', '__proto__', 'organization.api_key.issue']) {
      const answer = await send('post', '/specs/SPEC/commands', { commands: [update, { name, body: {} }] });
      const { errors } = expectProblem(answer, 422, 'unknown_command');
      expect(errors).toMatchObject([{ pointer: '/commands/1/name' }]);
    }
  });

  test('names a template or a relation that cannot be', async () => {
    expectProblem(await send('post', '/specs', { title: 'A', template: 'nowhere' }), 422, 'unknown_template');
    const relate = (relatedSpecId: string) =>
      send('post', '/specs/SPEC/relations', { type: 'relates_to', relatedSpecId });
    expectProblem(await relate(someId), 422, 'invalid_relation');
    expectProblem(await relate(specId), 422, 'invalid_relation');
    expectProblem(await relate(specId.toUpperCase()), 422, 'invalid_relation');
    const replace = { sections: [], relations: [{ type: 'relates_to', specId: someId }] };
    expectProblem(await send('put', '/specs/SPEC', replace), 422, 'invalid_relation');
  });

  test('leaves out what stands in the query of a DELETE', async () => {
    const remove = (query: string) =>
      service.organization.request('delete', `/specs/${specId}/relations${query}`).set('if-match', '*');
    expectProblem(await remove(''), 400, 'invalid_request');
    expectProblem(await remove(`?type=likes&relatedSpecId=${someId}`), 400, 'invalid_request');
    expectProblem(await remove(`?type=supersedes&relatedSpecId=7`), 400, 'invalid_request');
  });

  test('is a body that would end its section, or swallow the next one', async () => {
    const update = (body: string) => send('patch', '/specs/SPEC/sections/overview', { body });
    for (const body of ['## Another\n\nText.', 'Another\n---\n', '```\nnot closed', '<!-- not closed']) {
      const answer = await update(body);
      expect(answer.status, body).toBe(422);
      expectProblem(answer, 422, 'section_not_self_contained');
    }
  });
});
