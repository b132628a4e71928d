import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../src/app.js';
import { putPolicy } from './support/policies.js';
import type { Member } from './support/members.js';
import type { Team } from './support/reviews.js';
import { draft, newTeam } from './support/reviews.js';
import { masterKey, runOn, startService } from './support/service.js';
import type { Receipt } from './support/specs.js';

const service = startService();
const races = 1000;
/** Milliseconds: it says only that a race that never ends is one. */
const patience = 400_000;
const lanes = 8;
let other: NestFastifyApplication;
let team: Team;
beforeAll(async () => {
  const { databaseUrl } = service;
  other = await createApp({ databaseUrl, masterKey, operatorKey: undefined, databaseConnections: 10 });
  await other.listen(0, '127.0.0.1');
});
afterAll(() => other.close());

/** A request to one process of the service or to another one on the same database. */
async function ask(app: NestFastifyApplication, who: Member, method: string, path: string, body: object | string) {
  const { port } = app.getHttpServer().address() as AddressInfo;
  const type = typeof body === 'string' ? 'text/markdown' : 'application/json';
  const answer = await fetch(`http://127.0.0.1:${port}/v1/organizations/${team.tenant.organizationId}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${who.apiKey}`,
      'content-type': type,
      ...(path.startsWith('/specs?') ? {} : { 'if-match': '*' }),
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> & { code?: string } };
}

/** A spec in review, and the hash of what there is to read. */
async function submitted(): Promise<{ path: string; contentHash: string }> {
  const imported = await ask(service.app, team.ann, 'POST', '/specs?template=note', draft);
  const { specId, contentHash } = imported.body as unknown as Receipt;
  const path = `/specs/${specId}`;
  expect((await ask(service.app, team.ann, 'POST', `${path}/transitions/submit`, {})).status).toBe(200);
  return { path, contentHash };
}

const vote = (app: NestFastifyApplication, who: Member, { path, contentHash }: { path: string; contentHash: string }) =>
  ask(app, who, 'POST', `${path}/votes`, { position: 'approve', contentHash });

/** Many races, some of them side by side; every second one is between two processes. */
async function raced(
  race: (second: NestFastifyApplication, number: number) => Promise<void>,
  times = races,
): Promise<void> {
  let number = 0;
  const lane = async () => {
    while (number < times) {
      number++;
      await race(number % 2 === 0 ? service.app : other, number);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

/** What history and the read model say of every spec of the organization. */
async function verdicts() {
  const { rows } = await runOn(
    service.databaseUrl,
    `select s.lifecycle, s.content_hash as "contentHash", s.review -> 'inForce' ->> 'contentHash' as approved, e.approvals, e.votes
      from specline.spec s join lateral (
        select count(*) filter (where type = 'spec.lifecycle.approved')::int as approvals,
          count(*) filter (where type = 'spec.vote.cast')::int as votes
        from specline.event where organization_id = s.organization_id and stream_id = s.spec_id) e on true
      where s.organization_id = '${team.tenant.organizationId}'`,
  );
  return rows as {
    lifecycle: string;
    contentHash: string;
    approved: string | null;
    approvals: number;
    votes: number;
  }[];
}

describe('a thousand races', () => {
  test(
    'of the two last votes: one of them approves, once',
    async () => {
      team = await newTeam(await service.newOrganization());
      await putPolicy(team.tenant, 'two', { requirements: [{ name: 'peers', from: { anyone: true }, count: 2 }] });
      const states: unknown[] = [];
      await raced(async (second) => {
        const spec = await submitted();
        const answers = await Promise.all([vote(service.app, team.ben, spec), vote(second, team.cat, spec)]);
        expect(answers.map(({ status }) => status)).toEqual([201, 201]);
        states.push(answers.map(({ body }) => body.lifecycle).sort());
      });
      expect(states).toEqual(Array.from({ length: races }, () => ['approved', 'in_review']));
      const found = await verdicts();
      expect(found).toHaveLength(races);
      for (const one of found) {
        expect(one).toMatchObject({ lifecycle: 'approved', approved: one.contentHash, approvals: 1, votes: 2 });
      }
    },
    patience,
  );

  test(
    'of two votes of which either one is enough: one approves, and the other finds the review closed',
    async () => {
      team = await newTeam(await service.newOrganization());
      await raced(async (second) => {
        const spec = await submitted();
        const answers = await Promise.all([vote(service.app, team.ben, spec), vote(second, team.cat, spec)]);
        expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
        expect(answers.find(({ status }) => status === 409)?.body.code).toBe('review_not_open');
      }, 200);
      for (const one of await verdicts()) {
        expect(one).toMatchObject({ lifecycle: 'approved', approved: one.contentHash, approvals: 1, votes: 1 });
      }
    },
    patience,
  );

  test(
    'of a vote and an edit: what is approved is what was read, or nothing is',
    async () => {
      team = await newTeam(await service.newOrganization());
      const outcomes = new Map<string, number>();
      await raced(async (second, number) => {
        const spec = await submitted();
        const body = { body: `Everything MUST be deleted ${number} times.\n` };
        const edit = () => ask(second, team.ann, 'PATCH', `${spec.path}/sections/tldr`, body);
        const cast = () => vote(service.app, team.ben, spec);
        // Whichever is sent first has the better chance.
        const [voted, edited] =
          number % 4 < 2
            ? await Promise.all([cast(), edit()])
            : await Promise.all([edit(), cast()]).then(([one, two]) => [two, one]);
        const outcome = `${voted?.status} ${String(voted?.body.code)} / ${edited?.status} ${String(edited?.body.code)}`;
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      });
      // Both came first often enough for it to have been a race.
      const [approvedFirst = 0, editedFirst = 0] = [
        outcomes.get('201 undefined / 409 content_locked'),
        outcomes.get('409 content_changed / 200 undefined'),
      ];
      expect(approvedFirst + editedFirst, JSON.stringify([...outcomes])).toBe(races);
      expect(Math.min(approvedFirst, editedFirst), JSON.stringify([...outcomes])).toBeGreaterThan(10);
      const found = await verdicts();
      expect(found.filter(({ lifecycle }) => lifecycle === 'approved')).toHaveLength(approvedFirst);
      for (const { lifecycle, contentHash, approved, approvals } of found) {
        if (lifecycle === 'approved') expect([approved, approvals]).toEqual([contentHash, 1]);
        else expect([lifecycle, approved, approvals]).toEqual(['in_review', null, 0]);
      }
    },
    patience,
  );
});
