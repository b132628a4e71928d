import { writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import type { Response } from 'supertest';
import { expect, vi } from 'vitest';
import { fromBufferPromise } from 'yauzl';
import { ZipFile } from 'yazl';
import type { ExportView } from '../../src/modules/audit/export.view.js';
import type { Tenant } from './service.js';

/** Bytes of an answer, whatever its type. */
export function bytesOf(response: Response, done: (error: Error | null, body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  const stream = response as unknown as NodeJS.ReadableStream;
  stream.on('data', (chunk: Buffer) => chunks.push(Buffer.from(chunk)));
  stream.on('end', () => done(null, Buffer.concat(chunks)));
}

export async function startExport(tenant: Tenant, body: object, key?: string): Promise<ExportView> {
  return (await tenant.request('post', '/audit/exports', key).send(body).expect(202)).body as ExportView;
}

export async function readExport(tenant: Tenant, exportId: string, key?: string): Promise<ExportView> {
  return (await tenant.request('get', `/audit/exports/${exportId}`, key).expect(200)).body as ExportView;
}

/** An export when it is ready. */
export async function exported(tenant: Tenant, body: object, key?: string): Promise<ExportView> {
  const { exportId } = await startExport(tenant, body, key);
  return vi.waitFor(
    async () => {
      const found = await readExport(tenant, exportId, key);
      expect(found).toMatchObject({ status: 'ready', percent: 100, problem: null });
      return found;
    },
    { timeout: 30_000, interval: 100 },
  );
}

/** A download, or a part of one. */
export const download = (tenant: Tenant, exportId: string, key?: string) =>
  tenant.request('get', `/audit/exports/${exportId}/content`, key).buffer(true).parse(bytesOf);

export async function contentOf(tenant: Tenant, exportId: string): Promise<Buffer> {
  return (await download(tenant, exportId).expect(200)).body as Buffer;
}

/** The files of a zip, in their order. */
export async function unzipped(zip: Buffer): Promise<Map<string, Buffer>> {
  const opened = await fromBufferPromise(zip, { lazyEntries: true, autoClose: false });
  const files = new Map<string, Buffer>();
  for await (const entry of opened.eachEntry()) {
    const parts: Buffer[] = [];
    for await (const part of await opened.openReadStreamPromise(entry)) parts.push(part as Buffer);
    files.set(entry.fileName, Buffer.concat(parts));
  }
  return files;
}

/** A zip of files. */
export async function rezipped(files: Iterable<[string, Buffer]>): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of files) zip.addBuffer(content, name);
  zip.end();
  const parts: Buffer[] = [];
  const stream = zip.outputStream as Readable;
  stream.on('data', (part: Buffer) => parts.push(part));
  await finished(stream);
  return Buffer.concat(parts);
}

/** Puts bytes into a file of its own. @returns its path */
export async function fileWith(content: Buffer): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'specline-bundle-')), 'bundle.zip');
  writeFileSync(path, content);
  return path;
}
