import { applyPatch } from 'diff';
import { beforeAll, describe, expect, test } from 'vitest';
import type { SpecBlame } from '../src/modules/specs/spec-blame.view.js';
import type { SpecDiff } from '../src/modules/specs/spec-diff.view.js';
import { because, draft, newTeam, SpecOf } from './support/reviews.js';
import type { Team } from './support/reviews.js';
import { startService } from './support/service.js';
import { expectProblem, importSpec, readMarkdown, sendMarkdown } from './support/specs.js';

const service = startService();
let team: Team;
beforeAll(async () => {
  team = await newTeam(service.organization);
});

const diff = async (spec: SpecOf, query = '') =>
  (await spec.request('get', `/diff${query}`, team.cat).expect(200)).body as SpecDiff;
const blame = async (spec: SpecOf, query = '') =>
  (await spec.request('get', `/blame${query}`, team.cat).expect(200)).body as SpecBlame;
const put = (spec: SpecOf, markdown: string, who = team.ann) =>
  sendMarkdown(spec.request('put', '', who).set('if-match', '*'), markdown).expect(200);

describe('Two moments of a spec', () => {
  test('are compared by section: what came, went, changed by words, and moved', async () => {
    const spec = await SpecOf.begin(team, `${draft}\n## Costs\nNobody knows what it will cost us.\n`);
    await put(
      spec,
      '# Kept searches\n\n## Costs\nLow.\n\n## TLDR\nKeep them for a year.\n\n## Plan\nNobody knows what it will cost us.\n',
    );
    const { from, to, sections, movedLines, fields } = await diff(spec);
    const now = await spec.read();
    expect(to).toEqual({ version: now.version, at: now.updatedAt, contentHash: now.contentHash });
    expect(from.version).toBe(1);
    expect(fields).toEqual([]);
    const told = sections.map(({ section, change, moved, placeBefore, placeAfter }) => {
      return [section, change, moved, placeBefore, placeAfter];
    });
    expect(told).toEqual([
      ['costs', 'changed', expect.any(Boolean), 3, 1],
      ['tldr', 'changed', expect.any(Boolean), 1, 2],
      ['plan', 'added', false, null, 3],
      ['risks', 'removed', false, 2, null],
    ]);
    expect(sections.filter(({ moved }) => moved)).toHaveLength(1);
    expect(sections.find(({ section }) => section === 'tldr')?.rewritten).toMatchObject([
      { beforeLine: 2, words: [{ text: 'Keep them' }, { change: 'added', text: ' for a year' }, { change: 'same' }] },
    ]);
    expect(movedLines).toEqual([
      {
        from: { section: 'costs', line: 2 },
        to: { section: 'plan', line: 2 },
        lines: 1,
        text: 'Nobody knows what it will cost us.\n',
      },
    ]);
  });

  test('are named by version, revision or time, and what differs beside the text is told too', async () => {
    const spec = await SpecOf.inReview(team);
    await spec.vote(team.ben);
    const approved = await spec.read();
    await spec.go('amend', team.ann, because).expect(200);
    await spec.edit(team.ann, 'Keep them for a year.\n').expect(200);
    await spec
      .request('put', '/labels', team.ann)
      .set('if-match', '*')
      .send({ labels: ['b', 'a'] })
      .expect(200);
    await spec.request('put', '/owner', team.ann).set('if-match', '*').send({ owner: 'Ann Alder' }).expect(200);
    const reason = 'It has no risk.';
    const mark = spec.request('put', '/sections/risks/not-applicable', team.ann).set('if-match', '*');
    await mark.send({ reason }).expect(200);
    const all = await diff(spec, `?from=r1&to=r2`);
    expect(all.from).toMatchObject({ version: approved.version, contentHash: approved.contentHash });
    expect(all.fields).toEqual([
      { field: 'lifecycle', section: null, before: ['approved'], after: ['draft'] },
      { field: 'owner', section: null, before: [], after: ['Ann Alder'] },
      { field: 'labels', section: null, before: [], after: ['a', 'b'] },
      { field: 'notApplicable', section: 'risks', before: [], after: [reason] },
    ]);
    expect(all.sections.map(({ section }) => section)).toEqual(['tldr']);
    expect(await diff(spec, '?from=approved')).toEqual(all);
    expect(await diff(spec, `?from=${approved.version}`)).toEqual(all);
    expect(await diff(spec, `?from=${approved.updatedAt}&to=2999-01-01T00:00:00Z`)).toEqual(all);
    const back = await diff(spec, '?from=r2&to=r1');
    expect(back.fields[1]).toMatchObject({ before: ['Ann Alder'], after: [] });

    for (const bad of ['0', 'r0', 'x', '2026-02-30T00:00:00Z', 'r', '-1', '1.5', '']) {
      expectProblem(await spec.request('get', `/diff?from=${bad}`, team.cat), 400, 'invalid_request');
    }
    for (const none of ['999', 'r9', '1999-01-01T00:00:00Z']) {
      expectProblem(await spec.request('get', `/diff?from=${none}`, team.cat), 404, 'not_found');
    }
  });

  test('are a unified diff that leads from the one to the other, byte for byte', async () => {
    const before = '# A\n\n## One\r\nText.\r\n\n## Two\nLast line';
    const after = '# A\n\n## Two\nLast line\n\n## One\r\nText.\nMore\u2028words.\n';
    const { specId } = await importSpec(service.organization, before);
    const spec = new SpecOf(team, specId);
    await put(spec, after);
    const answer = await spec.request('get', '/diff', team.cat).set('accept', 'text/x-diff').expect(200);
    expect(answer.headers['content-type']).toBe('text/x-diff; charset=utf-8');
    const text = answer.text || String(answer.body);
    expect(text).toMatch(/^--- a\/SPEC-\d+\.md\tversion 1\n\+\+\+ b\/SPEC-\d+\.md\tversion \d+\n@@ /);
    expect(applyPatch(before, text, { autoConvertLineEndings: false })).toBe(after);
    const none = await spec.request('get', '/diff?from=1&to=1', team.cat).set('accept', 'text/x-diff').expect(200);
    expect(none.text || '').toBe('');
    expectProblem(await spec.request('get', '/diff', team.cat).set('accept', 'image/png'), 406, 'not_acceptable');
  });
});

describe('Each line of a spec', () => {
  test('is blamed on who wrote it, wherever its section has moved to since', async () => {
    const spec = await SpecOf.begin(team);
    await spec.edit(team.ben, 'Keep them.\nFor a year.\n\n').expect(200);
    const moved = spec.request('post', '/sections/risks/move', team.cat).set('if-match', '*');
    await moved.send({ position: 0 }).expect(200);
    const { hunks, origins, version } = await blame(spec);
    expect(version).toBe(3);
    expect(hunks).toEqual([
      { firstLine: 1, section: null, version: 1, lines: ['# Kept searches', ''] },
      { firstLine: 3, section: 'risks', version: 1, lines: ['## Risks', 'It MUST be fast.'] },
      { firstLine: 5, section: 'tldr', version: 1, lines: ['## TLDR', 'Keep them.'] },
      { firstLine: 7, section: 'tldr', version: 2, lines: ['For a year.'] },
      { firstLine: 8, section: 'tldr', version: 1, lines: [''] },
    ]);
    expect(origins).toMatchObject([
      { version: 1, command: 'spec.document.import', actor: { name: 'Ann' } },
      { version: 2, type: 'spec.section.updated', command: 'spec.section.update', actor: { name: 'Ben' } },
    ]);
    expect((await blame(spec, '?version=1')).origins).toHaveLength(1);
    const text = hunks.flatMap(({ lines }) => lines.map((line) => `${line}\n`)).join('');
    expect(text).toBe(await readMarkdown(service.organization, spec.specId));
  });

  test('keeps its author where its section got another name and key in the same write', async () => {
    const spec = await SpecOf.begin(team, '# A\n\n## Zebra crossing\nOne.\nTwo.\n');
    await put(spec, '# A\n\n## Quite another thing\nOne.\nTwo.\nThree.\n', team.ben);
    const told = (await blame(spec)).hunks.flatMap(({ lines, version }) => lines.map((line) => [line, version === 1]));
    expect(told.slice(2)).toEqual([
      ['## Quite another thing', false],
      ['One.', true],
      ['Two.', true],
      ['Three.', false],
    ]);
  });

  test('has an ETag of the version that it stands in', async () => {
    const spec = await SpecOf.begin(team);
    const { headers } = await spec.request('get', '/blame', team.cat).expect(200);
    const again = await spec.request('get', '/blame', team.cat).set('if-none-match', String(headers.etag));
    expect(again.status).toBe(304);
  });
});
