import { beforeAll, describe, expect, test } from 'vitest';
import type { Member } from './support/members.js';
import type { Team } from './support/reviews.js';
import { because, newTeam, SpecOf } from './support/reviews.js';
import { startService } from './support/service.js';
import { expectProblem, readEvents, typesOf } from './support/specs.js';
import { eventually } from './support/workers.js';

type Suspects = { suspects: { specId: string; revision: number; since: string }[] };

describe('A new revision of a spec', () => {
  const service = startService();
  let team: Team;
  beforeAll(async () => {
    team = await newTeam(service.organization);
  });

  const approved = async (): Promise<SpecOf> => {
    const spec = await SpecOf.inReview(team);
    expect((await spec.vote(team.ben)).body).toMatchObject({ lifecycle: 'approved' });
    return spec;
  };
  const dependentOn = async ({ specId }: SpecOf): Promise<SpecOf> => {
    const spec = await SpecOf.begin(team);
    const relation = { type: 'depends_on', relatedSpecId: specId };
    await spec.request('post', '/relations', team.ann).set('if-match', '*').send(relation).expect(200);
    return spec;
  };
  const amend = async (spec: SpecOf, text: string) => {
    await spec.go('amend', team.ann, because).expect(200);
    await spec.edit(team.ann, text).expect(200);
    await spec.go('submit', team.ann).expect(200);
    expect((await spec.vote(team.ben)).body).toMatchObject({ lifecycle: 'approved' });
  };
  const suspects = async (spec: SpecOf) => ((await spec.read()) as unknown as Suspects).suspects;
  const confirm = (spec: SpecOf, { specId }: SpecOf, revision: number, who: Member = team.cat) =>
    spec
      .request('post', `/dependencies/${specId}/confirmation`, who)
      .send({ revision, conclusion: 'Reviewed, it still holds.' });
  const listed = async (spec: SpecOf, query: string) => {
    const answer = await team.tenant.request('get', `/specs?limit=100&${query}`).expect(200);
    return (answer.body as { items: { specId: string }[] }).items.some(({ specId }) => specId === spec.specId);
  };
  const work = async (spec: SpecOf, who: Member) => {
    const answer = await team.tenant.request('get', '/reviews?limit=100', who.apiKey).expect(200);
    const { items } = answer.body as { items: { specId: string; kind: string; id: string }[] };
    return items.filter(({ specId, kind }) => specId === spec.specId && kind === 'suspect').map(({ id }) => id);
  };

  test('makes what depends on it suspect until somebody has compared them', async () => {
    const dependency = await approved();
    const spec = await dependentOn(dependency);
    expect(await suspects(spec)).toEqual([]);
    await amend(dependency, 'Keep them for a year.\n');
    const [suspect] = await eventually(
      () => suspects(spec),
      ({ length }) => length > 0,
    );
    expect(suspect).toMatchObject({ specId: dependency.specId, revision: 2 });
    expect([await listed(spec, 'suspect=true'), await listed(spec, 'suspect=false')]).toEqual([true, false]);
    expect(await listed(dependency, 'suspect=true')).toBe(false);
    expect(await work(spec, team.ann)).toEqual([dependency.specId]);
    expect(await work(spec, team.cat)).toEqual([]);

    expectProblem(await confirm(spec, dependency, 1), 409, 'content_changed');
    expectProblem(await confirm(dependency, spec, 2), 404, 'not_found');
    await confirm(spec, dependency, 2).expect(200);
    expect(await suspects(spec)).toEqual([]);
    expect(await listed(spec, 'suspect=true')).toBe(false);
    expect(await work(spec, team.ann)).toEqual([]);
    const events = (await readEvents(team.tenant, spec.specId)).slice(-2);
    expect(events).toMatchObject([
      { type: 'spec.dependency.suspected', actor: { kind: 'system' }, data: { revision: 2 } },
      { type: 'spec.dependency.confirmed', actor: { id: team.cat.memberId } },
    ]);
  });

  test('waits for the owner of what depends on it, by name or as in a mention', async () => {
    const dependency = await approved();
    const [one, other] = [await dependentOn(dependency), await dependentOn(dependency)];
    const own = (spec: SpecOf, owner: string) =>
      spec.request('put', '/owner', team.ann).set('if-match', '*').send({ owner }).expect(200);
    await own(one, 'Cat');
    await own(other, '@Cat');
    await amend(dependency, 'Keep them for ever.\n');
    for (const spec of [one, other]) {
      const [waiting] = await eventually(
        () => work(spec, team.cat),
        ({ length }) => length > 0,
      );
      expect(waiting).toBe(dependency.specId);
    }
  });

  test('leaves alone what is over, and what is approved after it', async () => {
    const dependency = await approved();
    const [over, later, open] = [
      await dependentOn(dependency),
      await dependentOn(dependency),
      await dependentOn(dependency),
    ];
    await over.go('withdraw', team.ann, because).expect(200);
    await amend(dependency, 'Keep them for two years.\n');
    await eventually(
      () => suspects(open),
      ({ length }) => length > 0,
    );
    expect(typesOf(await readEvents(team.tenant, over.specId))).not.toContain('spec.dependency.suspected');
    await later.go('submit', team.ann).expect(200);
    expect((await later.vote(team.ben)).body).toMatchObject({ lifecycle: 'approved' });
    expect(await suspects(later)).toEqual([]);
  });

  test('can be sent back with the spec as it was read, and changes nothing', async () => {
    const dependency = await approved();
    const spec = await dependentOn(dependency);
    await amend(dependency, 'Keep them for a day.\n');
    await eventually(
      () => suspects(spec),
      ({ length }) => length > 0,
    );
    const read = (await spec.request('get', '', team.ann).expect(200)).body as Record<string, unknown>;
    await spec
      .request('put', '', team.ann)
      .set('if-match', '*')
      .send({ ...read, specId: undefined })
      .expect(200);
    expect(await suspects(spec)).toHaveLength(1);
  });
});
