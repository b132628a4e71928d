import { beforeEach, describe, expect, test } from 'vitest';
import type { Team } from './support/reviews.js';
import { newTeam, SpecOf } from './support/reviews.js';
import { startService } from './support/service.js';

const service = startService();
let team: Team;
beforeEach(async () => {
  team = await newTeam(await service.newOrganization());
});

describe('a compliance report', () => {
  test('is issued, read and listed', async () => {
    const spec = await SpecOf.begin(team);
    const issued = await spec.request('post', '/compliance-reports', team.ann);
    console.log(issued.status, issued.headers.location, issued.body);
    console.log((await spec.request('get', '/compliance', team.ann)).body);
    const latest = await spec.request('get', '/compliance-reports/latest', team.ann);
    console.log(latest.status, JSON.stringify(latest.body).slice(0, 600));
    console.log((await spec.request('get', '/compliance-links', team.ann)).body);
    console.log((await spec.request('get', '/compliance-attestations', team.ann)).body);
    console.log((await team.tenant.request('get', '/compliance/waivers')).body);
    expect(issued.status).toBe(201);
  });
});
