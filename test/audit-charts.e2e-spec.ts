import type { Response } from 'supertest';
import { beforeAll, describe, expect, test } from 'vitest';
import { ChartDrawer } from '../src/modules/audit/chart-drawer.js';
import { askView } from './support/audit-views.js';
import { join } from './support/members.js';
import { erase } from './support/persons.js';
import { newTeam, SpecOf } from './support/reviews.js';
import type { Team } from './support/reviews.js';
import { startService } from './support/service.js';
import { expectProblem } from './support/specs.js';

const service = startService();

describe('A chart', () => {
  let team: Team;
  beforeAll(async () => {
    team = await newTeam(await service.newOrganization());
    const hostile = await join(team.tenant, '<script>alert("1")</script> & "co"');
    await SpecOf.begin({ ...team, ann: hostile });
    const spec = await SpecOf.inReview(team);
    await spec.vote(team.ben);
  });
  const bytesOf = (answer: Response) => answer.body as Buffer;
  const chart = (name: string, mediaType: string) => askView(team, name, '').set('accept', mediaType).expect(200);

  test.each(['activity', 'actors', 'cycle-time', 'first-review', 'reopened'])(
    'of %s comes as SVG and as PNG',
    async (name) => {
      const svg = await chart(name, 'image/svg+xml');
      expect(svg.headers).toMatchObject({ 'content-type': 'image/svg+xml', vary: 'Accept' });
      const text = bytesOf(svg).toString();
      expect(text).toMatch(/^<svg width="960" height="440" [^]*<\/svg>\s*$/);
      expect(text.includes('there is nothing to show')).toBe(name === 'reopened');
      const png = await chart(name, 'image/png');
      expect(png.headers['content-type']).toBe('image/png');
      expect(bytesOf(png).subarray(0, 8)).toEqual(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'));
      expect([bytesOf(png).readUInt32BE(16), bytesOf(png).readUInt32BE(20)]).toEqual([960, 440]);
    },
  );

  test('shows names as text, and lets nothing run', async () => {
    const answer = await chart('actors', 'image/svg+xml');
    const text = bytesOf(answer).toString();
    expect(text).toContain('&lt;script&gt;');
    expect(text).not.toContain('<script');
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
  });

  test('tells actors of one name apart', async () => {
    for (let one = 0; one < 2; one++) await SpecOf.begin({ ...team, ann: await join(team.tenant, 'Jo Smith') });
    const text = bytesOf(await chart('actors', 'image/svg+xml')).toString();
    expect(text).toMatch(/>Jo Smith<[^]*>Jo Smith \(2\)</);
  });

  test('does not name who was erased', async () => {
    const zoe = await join(team.tenant, 'Zoe Quince');
    await SpecOf.begin({ ...team, ann: zoe });
    expect(bytesOf(await chart('actors', 'image/svg+xml')).toString()).toContain('Zoe Quince');
    await erase(team.tenant, { person: 'Zoe Quince' });
    const answer = await chart('actors', 'image/svg+xml');
    expect(bytesOf(answer).toString()).not.toContain('Zoe');
  });

  test('is JSON where nothing else is asked for, and nothing that it is not', async () => {
    expect((await askView(team, 'actors', '').set('accept', 'image/*;q=0.1, */*')).type).toBe('application/json');
    expect((await askView(team, 'actors', '').set('accept', 'image/*')).type).toBe('image/svg+xml');
    expectProblem(await askView(team, 'actors', '').set('accept', 'image/gif'), 406, 'not_acceptable');
  });

  test('that is one too many at once is refused, and the others are drawn', async () => {
    const drawer = service.app.get(ChartDrawer);
    const size = { width: 100, height: 100 };
    const asked = Array.from({ length: 20 }, () => drawer.draw({}, size, 'image/svg+xml'));
    expect(() => drawer.draw({}, size, 'image/svg+xml')).toThrow('Too many charts');
    expect(new Set((await Promise.all(asked)).map((picture) => picture.subarray(0, 4).toString()))).toEqual(
      new Set(['<svg']),
    );
  });

  test('that waits when the thread ends is told so, and the next one is drawn', async () => {
    const drawer = service.app.get(ChartDrawer);
    const size = { width: 100, height: 100 };
    const asked = expect(drawer.draw({}, size, 'image/svg+xml')).rejects.toThrow('has ended');
    await drawer.onModuleDestroy();
    await asked;
    expect((await drawer.draw({}, size, 'image/png')).subarray(1, 4).toString()).toBe('PNG');
  });

  test('that cannot be drawn fails alone', async () => {
    const drawer = service.app.get(ChartDrawer);
    const size = { width: 100, height: 100 };
    await expect(drawer.draw({ series: [{ type: 'bar', data: [1] }] }, size, 'image/svg+xml')).rejects.toThrow();
    expect((await drawer.draw({}, size, 'image/svg+xml')).subarray(0, 4).toString()).toBe('<svg');
  });
});
