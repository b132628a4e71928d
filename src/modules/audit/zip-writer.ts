import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import type { BundleFile } from './bundle-manifest.js';

/** A file to be: its bytes are made when it is its turn. */
export type Member = { name: string; content: AsyncIterable<Buffer> };

/**
 * A zip as it comes about: one file behind the other, each compressed as it is made, and none faster than it is taken.
 * @param modifiedAt of all files: the same content is the same zip
 */
export async function* zipped(members: AsyncIterable<Member>, modifiedAt: Date): AsyncGenerator<Buffer> {
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  let current: Readable | undefined;
  zip.on('error', (error: Error) => output.destroy(error));
  const fill = async () => {
    for await (const { name, content } of members) {
      current = Readable.from(content, { objectMode: false });
      zip.addReadStream(current, name, { mtime: modifiedAt, mode: 0o100644 });
      await finished(current);
    }
    zip.end();
  };
  const filling = fill().catch((error: unknown) => void output.destroy(error as Error));
  try {
    for await (const chunk of output) yield chunk as Buffer;
    await filling;
  } finally {
    current?.destroy();
    output.destroy();
  }
}

/** Files as they go by, with what each of them came to. */
export class FileHashes {
  readonly files: BundleFile[] = [];

  of({ name, content }: Member): Member {
    return { name, content: this.hashed(name, content) };
  }

  private async *hashed(name: string, content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const chunk of content) {
      hash.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
    this.files.push({ name, bytes, sha256: hash.digest('hex') });
  }
}
