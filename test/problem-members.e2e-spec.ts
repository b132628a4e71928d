import { readFileSync } from 'node:fs';
import type { Response } from 'supertest';
import { beforeAll, describe, expect, test } from 'vitest';
import { refusals } from '../src/commands/refusals.js';
import { newTeam, SpecOf } from './support/reviews.js';
import type { Team } from './support/reviews.js';
import { problemOf, startService } from './support/service.js';

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const document = JSON.parse(read('openapi/openapi.json')) as {
  components: { schemas: { Problem: { properties: Record<string, object> } } };
};

describe('A problem', () => {
  const service = startService();
  let team: Team;
  beforeAll(async () => {
    team = await newTeam(await service.newOrganization());
  });

  const because = { reason: 'It takes too long.' };
  const refused: Record<string, { by: (spec: SpecOf) => Promise<Response>; members: string[] }> = {
    'of a place in life': {
      by: (spec) => spec.go('start', team.ann),
      members: ['guard', 'transition', 'lifecycle', 'from'],
    },
    'of sections': {
      by: async () => (await SpecOf.begin(team, '# Kept searches\n\n## TLDR\nKeep them.\n')).go('submit', team.ann),
      members: ['guard', 'transition', 'sections'],
    },
    'of a vote': {
      by: (spec) => spec.vote(team.ben, { contentHash: '0'.repeat(64) }),
      members: ['guard', 'contentHash'],
    },
    'of dependents': {
      by: async (spec) => {
        const relation = { type: 'depends_on', relatedSpecId: spec.specId };
        const dependent = await SpecOf.begin(team);
        await dependent.request('post', '/relations', team.ann).set('if-match', '*').send(relation).expect(200);
        await spec.go('withdraw', team.ann, because).expect(200);
        return spec.go('archive', team.dan, because);
      },
      members: ['guard', 'transition', 'dependents'],
    },
    'of content': {
      by: async (spec) => {
        await spec.go('withdraw', team.ann, because).expect(200);
        return spec.edit(team.ann, 'Keep all.\n');
      },
      members: ['lifecycle'],
    },
    'of a hold': {
      by: async (spec) => {
        const owner = { owner: 'Ada Lovelace' };
        await spec.request('put', '/owner', team.ann).set('if-match', '*').send(owner).expect(200);
        await spec.request('put', '/legal-holds/case', team.dan).send(because).expect(200);
        return team.tenant.request('post', '/erasures').send({ person: 'Ada Lovelace' });
      },
      members: ['holds'],
    },
    'of a consumer': {
      by: async () => {
        const request = (method: 'put' | 'post', path: string) => team.tenant.request(method, `/consumers/ci${path}`);
        await request('put', '').send({}).expect(200);
        return request('post', '/commit').send({ position: 1, after: 1 });
      },
      members: ['present'],
    },
  };

  test.each(Object.entries(refused))('%s tells what the OpenAPI document names', async (_, { by, members }) => {
    const problem = problemOf(await by(await SpecOf.inReview(team)));
    expect(Object.keys(problem)).toEqual(expect.arrayContaining(members));
    expect(Object.keys(document.components.schemas.Problem.properties)).toEqual(
      expect.arrayContaining(Object.keys(problem)),
    );
  });

  test('has one of the codes that the page of conventions lists, each with its status and meaning', () => {
    const rows = read('docs/api-conventions.md').matchAll(/^\| (\d{3}) +\| `([a-z_]+)` +\| (.*?) +\|$/gm);
    const listed = Object.fromEntries(
      [...rows].map(([, status, code = '', title]) => [code, { status: Number(status), title }]),
    );
    expect(listed).toEqual(refusals);
  });
});
