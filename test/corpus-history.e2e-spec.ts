import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SpecBlame } from '../src/modules/specs/spec-blame.view.js';
import { CorpusHistory } from './support/corpus-history.js';
import type { Commit } from './support/corpus-history.js';
import { corpusMissing } from './support/corpus.js';
import { startService } from './support/service.js';
import type { Receipt } from './support/specs.js';
import { importSpec, readMarkdown, sendMarkdown } from './support/specs.js';

/** A file as a commit left it: which spec it is, at which version, and when that was. */
type Moment = { hash: string; path: string; specId: string; version: number; at: string };

/** The specs of the corpus, written commit by commit. */
class Replay {
  readonly moments: Moment[] = [];
  /** By spec: the commit behind each version. */
  readonly commits = new Map<string, string[]>();
  private readonly specs = new Map<string, string>();

  constructor(
    private readonly history: CorpusHistory,
    private readonly service: ReturnType<typeof startService>,
  ) {}

  async commit({ hash, changes }: Commit): Promise<void> {
    const written: Omit<Moment, 'at'>[] = [];
    for (const { kind, path, from = path } of changes) {
      const specId = this.specs.get(from);
      this.specs.delete(from);
      if (kind === 'delete') continue;
      const receipt = await this.write(specId, this.history.bytes(hash, path).toString());
      const known = this.commits.get(receipt.specId) ?? [];
      this.commits.set(receipt.specId, known.concat(Array<string>(receipt.version - known.length).fill(hash)));
      this.specs.set(path, receipt.specId);
      written.push({ hash, path, specId: receipt.specId, version: receipt.version });
    }
    // Times tell milliseconds: what the next commit writes is later than this.
    await pause(2);
    const at = new Date().toISOString();
    await pause(2);
    this.moments.push(...written.map((one) => ({ ...one, at })));
  }

  private async write(specId: string | undefined, markdown: string): Promise<Receipt> {
    const { organization } = this.service;
    if (specId === undefined) return importSpec(organization, markdown);
    const put = sendMarkdown(organization.request('put', `/specs/${specId}`).set('if-match', '*'), markdown);
    return (await put.expect(200)).body as Receipt;
  }
}

describe.skipIf(corpusMissing)('The history of real specifications, written commit by commit', () => {
  const service = startService();
  let history: CorpusHistory;
  let replay: Replay;
  let chosen: Moment[];
  beforeAll(async () => {
    history = new CorpusHistory();
    replay = new Replay(history, service);
    for (const commit of history.commits()) await replay.commit(commit);
    // Spread evenly over all of history.
    const step = Math.max(1, Math.floor(replay.moments.length / 60));
    chosen = replay.moments.filter((_, at) => at % step === 0);
  }, 300_000);
  afterAll(() => {
    history.close();
  });

  test('is read byte for byte as of the time of each commit', async () => {
    expect(chosen.length).toBeGreaterThanOrEqual(30);
    for (const { hash, path, specId, version, at } of chosen) {
      const bytes = history.bytes(hash, path).toString();
      expect(await readMarkdown(service.organization, specId, `?at=${at}`), `${hash} ${path}`).toBe(bytes);
      expect(await readMarkdown(service.organization, specId, `?version=${version}`), `${hash} ${path}`).toBe(bytes);
    }
  }, 120_000);

  test('has authors of lines that are those of git blame for at least 95 of 100 lines', async () => {
    let [lines, same] = [0, 0];
    for (const { hash, path, specId, at } of chosen) {
      const answer = await service.organization.request('get', `/specs/${specId}/blame?at=${at}`).expect(200);
      const { hunks } = answer.body as SpecBlame;
      const commits = replay.commits.get(specId) ?? [];
      const ours = hunks.flatMap(({ version, lines: some }) => some.map(() => commits[version - 1]));
      const theirs = history.blame(hash, path);
      expect(ours, `${hash} ${path}`).toHaveLength(theirs.length);
      const agreeing = ours.filter((commit, line) => commit === theirs[line]).length;
      if (process.env.BLAME_DIFFERENCES && agreeing < theirs.length) {
        process.stderr.write(`${hash.slice(0, 8)} ${path}: ${agreeing} of ${theirs.length}\n`);
      }
      lines += theirs.length;
      same += agreeing;
    }
    process.stderr.write(`${same} of ${lines} lines of ${chosen.length} files are blamed as git blames them\n`);
    expect(same / lines).toBeGreaterThanOrEqual(0.95);
  }, 120_000);
});
