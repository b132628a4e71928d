import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { verifyBundle } from '../src/modules/audit/bundle-reader.js';
import type { EvidenceLine } from '../src/modules/audit/evidence-line.js';
import { readPublicKeys } from '../src/modules/audit/trusted-keys.js';
import type { Report } from '../src/modules/audit/verification.js';
import { SigningKeys } from '../src/modules/audit/signing-keys.js';
import { unclosed } from './support/html.js';
import { parsed } from './support/evidence.js';
import { contentOf, exported, fileWith, rezipped, unzipped } from './support/exports.js';
import type { Team } from './support/reviews.js';
import { because, newTeam, SpecOf } from './support/reviews.js';
import { startService } from './support/service.js';
import { readMarkdown } from './support/specs.js';

type Files = Map<string, Buffer>;
const run = promisify(execFile);

describe('a bundle', () => {
  const service = startService();
  let team: Team;
  let spec: SpecOf;
  let keys: string[];
  let zip: Buffer;
  let files: Files;
  beforeAll(async () => {
    team = await newTeam(service.organization);
    spec = await SpecOf.begin(team, '# Kept searches\n\n## TLDR\nKeep them.\n\n## Risks\nIt MUST be fast.\n');
    await spec.edit(team.ann, 'Keep them for a year.\n').expect(200);
    await spec.request('post', '/compliance-reports', team.ann).expect(201);
    await spec.go('submit', team.ann).expect(200);
    await spec.vote(team.cat, { position: 'abstain', comment: 'Who pays for it?' });
    await spec.go('return', team.ben, because).expect(200);
    await spec.go('submit', team.ann).expect(200);
    const approved = await spec.vote(team.ben, { comment: 'Good <script>enough</script> & true.' });
    expect(approved.status).toBe(201);
    expect((await spec.read()).lifecycle).toBe('approved');
    await (await SpecOf.begin(team)).edit(team.ann, 'Another one.\n').expect(200);
    keys = readPublicKeys((await service.anonymous().get('/.well-known/specline-keys.json').expect(200)).text);
    zip = await bundleOf({ spec: spec.specId });
    files = await unzipped(zip);
  });

  const bundleOf = async (filter?: object): Promise<Buffer> =>
    contentOf(team.tenant, (await exported(team.tenant, { format: 'bundle', ...(filter && { filter }) })).exportId);
  const verify = async (content: Buffer): Promise<Report> => verifyBundle(await fileWith(content), keys);
  const textOf = (name: string): string => files.get(name)?.toString() ?? expect.fail(`there is no ${name}`);
  const eventsIn = (content: string) => parsed(content).flatMap((line) => (line.kind === 'event' ? [line] : []));

  test('of a spec holds its life, and is verified with nothing but the key', async () => {
    const report = await verify(zip);
    expect(report).toMatchObject({ verified: true, problems: [], omitted: 0, files: files.size });
    const { version } = await spec.read();
    expect([...files.keys()]).toEqual([
      ...['README.txt', 'trail.ndjson', 'evidence.ndjson', 'seals.ndjson', 'consistency.json', 'keys.json'],
      ...[`specs/SPEC-1/version-${version}.md`, 'specs/SPEC-1/revision-1-approved.md'],
      ...['report.html', 'manifest.json'],
    ]);
    const own = eventsIn(textOf('evidence.ndjson')).filter(({ event }) => event.streamId === spec.specId);
    expect(own.map(({ event }) => event.version)).toEqual(Array.from({ length: version }, (_, at) => at + 1));
    expect(textOf(`specs/SPEC-1/version-${version}.md`)).toBe(await readMarkdown(team.tenant, spec.specId));
  });

  test('is told by the command line to be true, and by its exit code when it is not', async () => {
    const path = await fileWith(zip);
    const keyFile = await fileWith(
      Buffer.from((await service.anonymous().get('/.well-known/specline-keys.json')).text),
    );
    const command = (file: string) => run(process.execPath, ['dist/src/verify.js', 'verify', file, '--key', keyFile]);
    expect((await command(path)).stdout).toMatch(/a bundle of 10 files[^]*VERIFIED\n$/);
    const altered = new Map(files).set('trail.ndjson', Buffer.from('{}\n'));
    writeFileSync(path, await rezipped(altered));
    await expect(command(path)).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/trail\.ndjson/) as string,
    });
  });

  test('has a report that says who did what, with meaning and reason, and runs nothing', () => {
    const report = textOf('report.html');
    expect(unclosed(report)).toEqual([]);
    for (const said of [
      ...[
        'Ben <span class="note">(human)',
        'voted for revision 1',
        'abstained on',
        'approved revision 1 by the policy',
        because.reason,
      ],
      ...['Good &lt;script&gt;enough&lt;/script&gt; &amp; true.', 'Who pays for it?', 'report 1: '],
      ...['How to check this', '@media print', "default-src 'none'", spec.specId],
    ]) {
      expect(report).toContain(said);
    }
    expect(report).not.toMatch(/<script|<b>|<img|<link|href=|src=|\son\w+=/i);
  });

  test('of a part says what it leaves out, and proves what it holds', async () => {
    const part = await bundleOf({ spec: spec.specId, type: 'spec.vote.cast' });
    const report = await verify(part);
    const votes = eventsIn((await unzipped(part)).get('evidence.ndjson')?.toString() ?? '');
    expect(votes.map(({ event }) => event.type)).toEqual(['spec.vote.cast', 'spec.vote.cast']);
    const { version } = await spec.read();
    expect(report).toMatchObject({ verified: true, events: 2, omitted: version - 2 });
  });

  test('of everything holds all that is sealed, in one tree', async () => {
    const report = await verify(await bundleOf());
    expect(report).toMatchObject({ verified: true, problems: [], omitted: 0 });
    expect(report.events).toBe(report.lastSeal?.size);
  });

  test('is still good after the key was replaced, by the key from before', async () => {
    await service.app.get(SigningKeys).rotate();
    await (await SpecOf.begin(team)).edit(team.ann, 'After the rotation.\n').expect(200);
    const later = await bundleOf({ spec: spec.specId });
    expect(await verify(later)).toMatchObject({ verified: true });
    expect(await verifyBundle(await fileWith(later), ['A'.repeat(43)])).toMatchObject({ verified: false });
  });

  describe('that was tampered with is told:', () => {
    const changed = (change: (files: Files) => void): Promise<Buffer> => {
      const copy = new Map(files);
      change(copy);
      return rezipped(copy);
    };
    const inLines = (change: (lines: string[]) => string[]) => (copy: Files) =>
      void copy.set(
        'evidence.ndjson',
        Buffer.from(`${change(textOf('evidence.ndjson').trimEnd().split('\n')).join('\n')}\n`),
      );
    const isEvent = (line: string) => (JSON.parse(line) as EvidenceLine).kind === 'event';
    const eventAt = (lines: string[], nth: number) =>
      lines.flatMap((line, at) => (isEvent(line) ? [at] : []))[nth] ?? 0;

    test('every file that was altered or taken out, by its name', async () => {
      for (const name of files.keys()) {
        const altered = await verify(
          await changed(
            (copy) => void copy.set(name, Buffer.concat([files.get(name) ?? Buffer.alloc(0), Buffer.from(' ')])),
          ),
        );
        expect(altered.verified, name).toBe(false);
        expect(
          altered.problems.map(({ file }) => file),
          name,
        ).toContain(name);
        const removed = await verify(await changed((copy) => void copy.delete(name)));
        expect(removed.problems.find(({ check }) => check === 'file_removed')?.file, name).toBe(name);
      }
    });

    test('a file that was added, or is there twice', async () => {
      const added = await verify(await changed((copy) => void copy.set('specs/SPEC-9/version-1.md', Buffer.from('#'))));
      expect(added.problems).toMatchObject([{ check: 'file_inserted', file: 'specs/SPEC-9/version-1.md' }]);
      const twice = await verify(await rezipped([...files, ['report.html', Buffer.from('another')]]));
      expect(twice.problems).toMatchObject([{ check: 'file_inserted', file: 'report.html' }]);
    });

    test('the first event that was altered, dropped, inserted or reordered', async () => {
      const steps: [string, (lines: string[]) => string[]][] = [
        [
          'event_altered',
          (lines) =>
            lines.map((line, at) => (at === eventAt(lines, 2) ? line.replace('"version":3', '"version":4') : line)),
        ],
        ['event_removed', (lines) => lines.toSpliced(eventAt(lines, 2), 1)],
        ['event_inserted', (lines) => lines.toSpliced(eventAt(lines, 2), 0, lines[eventAt(lines, 2)] ?? '')],
        ['event_reordered', (lines) => lines.toSpliced(eventAt(lines, 3), 0, lines[eventAt(lines, 0)] ?? '')],
        [
          'wrong_proof',
          (lines) =>
            lines.map((line, at) =>
              at === eventAt(lines, 1) ? line.replace(/"proof":\["[0-9a-f]{8}/, '"proof":["00000000') : line,
            ),
        ],
      ];
      for (const [check, change] of steps) {
        const report = await verify(await changed(inLines(change)));
        expect(
          report.problems.map((problem) => problem.check),
          check,
        ).toContain(check);
        expect(report.firstEvent, check).toMatchObject({ check, file: 'evidence.ndjson' });
        expect(report.problems).toContainEqual(
          expect.objectContaining({ check: 'file_altered', file: 'evidence.ndjson' }),
        );
      }
    });

    test('versions that are said to be left out and are not', async () => {
      const { streamId } = eventsIn(textOf('evidence.ndjson'))[0]?.event ?? expect.fail('there are events');
      const omitted = `{"from":3,"kind":"omitted","streamId":"${streamId}","to":3}`;
      const hidden = (lines: string[]) => lines.toSpliced(eventAt(lines, 2), 1, omitted);
      const report = await verify(await changed(inLines(hidden)));
      // It is a true statement of the events that are there: only that nobody signed it tells.
      expect(report.problems.map(({ check }) => check)).toContain('file_altered');
    });

    test('a list of files, or seals, of another bundle', async () => {
      const other = await unzipped(await bundleOf({ kind: 'event' }));
      for (const name of ['manifest.json', 'seals.ndjson', 'consistency.json', 'evidence.ndjson']) {
        const report = await verify(await changed((copy) => void copy.set(name, other.get(name) ?? Buffer.alloc(0))));
        expect(report.verified, name).toBe(false);
      }
    });

    test('a zip that was cut off, or is none', async () => {
      for (const broken of [zip.subarray(0, zip.length - 30), zip.subarray(0, 1000), Buffer.from('PK\u0003\u0004')]) {
        const report = await verify(broken);
        expect(report.verified).toBe(false);
        expect(report.problems.map(({ check }) => check)).toContain('malformed_line');
      }
    });
  });
});
