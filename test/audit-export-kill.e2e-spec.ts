import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { ExportRunner } from '../src/modules/audit/export-runner.js';
import { ExportStore, LostExport } from '../src/modules/audit/export-store.js';
import { contentOf, readExport, startExport, unzipped } from './support/exports.js';
import type { Tenant } from './support/service.js';
import { runOn, startService } from './support/service.js';
import { documentOf, importSpec } from './support/specs.js';

/** Some pages of lines: an export of them is many chunks. */
const batches = 26;
const inEachBatch = 100;
const filter = { kind: 'event', type: 'spec.document.retitled' };

describe('an export whose process is gone in the middle of it', () => {
  const service = startService();
  let tenant: Tenant;
  let runner: ExportRunner;
  let store: ExportStore;
  let work: () => Promise<boolean>;
  beforeAll(async () => {
    tenant = service.organization;
    [runner, store] = [service.app.get(ExportRunner), service.app.get(ExportStore)];
    const runOne = runner.runOne.bind(runner);
    work = () => runOne(new AbortController().signal);
    // Exports are made where a test says so.
    vi.spyOn(runner, 'runOne').mockResolvedValue(false);
    const { specId } = await importSpec(tenant, documentOf('Long', { Overview: 'Old.' }));
    for (let batch = 0; batch < batches; batch++) {
      const commands = Array.from({ length: inEachBatch }, (_, at) => ({
        name: 'spec.document.retitle',
        body: { title: `Batch ${batch}, title ${at}` },
      }));
      await tenant.request('post', `/specs/${specId}/commands`).set('if-match', '*').send({ commands }).expect(200);
    }
  }, 120_000);
  afterAll(() => vi.restoreAllMocks());

  const forget = (exportId: string) =>
    runOn(service.databaseUrl, `update specline.audit_export set lease_until = null where export_id = '${exportId}'`);

  /** Makes an export up to its second chunk, which is never written: nothing more is heard of it. */
  async function leaveHalfDone(exportId: string): Promise<{ goOn: () => void; left: Promise<boolean> }> {
    const write = store.write.bind(store);
    let goOn = (): void => undefined;
    const going = new Promise<void>((resolve) => (goOn = resolve));
    let reached = (): void => undefined;
    const half = new Promise<void>((resolve) => (reached = resolve));
    const spy = vi.spyOn(store, 'write').mockImplementation(async (claimed, begins, ...rest) => {
      if (begins > 0) {
        reached();
        await going;
      }
      return write(claimed, begins, ...rest);
    });
    const left = work();
    await half;
    spy.mockRestore();
    const { rows, bytes, status } = await readExport(tenant, exportId);
    expect({ status, isBegun: rows > 0 && bytes > 0 }).toEqual({ status: 'running', isBegun: true });
    await forget(exportId);
    return { goOn, left };
  }

  test.each(['ndjson', 'csv', 'bundle'])('comes to the same as one that was left alone, as %s', async (format) => {
    const { exportId: cut } = await startExport(tenant, { format, filter });
    const { goOn, left } = await leaveHalfDone(cut);
    expect(await work()).toBe(true);
    expect(await readExport(tenant, cut)).toMatchObject({ status: 'ready', rows: batches * inEachBatch });
    // Whoever comes back to it finds that it is no longer theirs, and changes nothing.
    const made = await contentOf(tenant, cut);
    const refused = vi.spyOn(store, 'write');
    goOn();
    expect(await left).toBe(true);
    await expect(refused.mock.results[0]?.value ?? Promise.reject(new LostExport())).rejects.toThrow(LostExport);
    refused.mockRestore();
    expect((await contentOf(tenant, cut)).equals(made)).toBe(true);

    const { exportId: whole } = await startExport(tenant, { format, filter });
    expect(await work()).toBe(true);
    const other = await contentOf(tenant, whole);
    if (format !== 'bundle') {
      expect(made.toString().split('\n').length).toBeGreaterThan(batches * inEachBatch);
      expect(made.equals(other)).toBe(true);
      return;
    }
    const [files, others] = [await unzipped(made), await unzipped(other)];
    expect([...files.keys()]).toEqual([...others.keys()]);
    for (const name of ['trail.ndjson', 'README.txt', 'keys.json']) {
      expect(files.get(name)?.equals(others.get(name) ?? Buffer.alloc(0)), name).toBe(true);
    }
  });

  test('is gone on with where it was, and not begun again', async () => {
    const { exportId } = await startExport(tenant, { format: 'ndjson', filter });
    await leaveHalfDone(exportId);
    const written = vi.spyOn(store, 'write');
    expect(await work()).toBe(true);
    expect(written.mock.calls[0]?.[1]).toBeGreaterThan(0);
    written.mockRestore();
  });

  test('is given up when it fails again and again', async () => {
    const { exportId } = await startExport(tenant, { format: 'ndjson', filter });
    const failing = vi.spyOn(store, 'write').mockRejectedValue(new Error('no room'));
    for (let attempt = 0; attempt < 5; attempt++) {
      expect(await work()).toBe(true);
      await forget(exportId);
    }
    failing.mockRestore();
    expect(await readExport(tenant, exportId)).toMatchObject({ status: 'failed' });
    expect(await work()).toBe(false);
  });
});
