import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Entry, ZipFile } from 'yauzl';
import { openPromise } from 'yauzl';
import type { BundleFile, Manifest } from './bundle-manifest.js';
import { evidenceName, isManifestSignedBy, manifestName, readManifest } from './bundle-manifest.js';
import { faultsOfConsistency, faultsOfSeals } from './bundle-seals.js';
import { verifyEvidenceBy } from './evidence-reader.js';
import { TrustedKeys } from './trusted-keys.js';
import type { Check, Problem } from './verification-problem.js';
import type { Report, Witnesses } from './verification.js';

/** A manifest names each file once; no bundle has more of them than this many bytes tell of. */
const largestManifest = 256 * 1024 * 1024;
const largestJson = 1024 * 1024;

const about = (file: string, check: Check, message: string): Problem => ({ check, message, file });

/**
 * Verifies a bundle: the events in it as a file of evidence, the list of its files by its signature, and each file by the
 * list. One file after another, so that it takes little memory.
 *
 * @param path of the zip
 * @param publicKeys whom to believe: 32 bytes each, in base64url
 * @param witnesses what was kept of earlier, which the events must lead to
 */
export async function verifyBundle(
  path: string,
  publicKeys: readonly string[],
  witnesses: Witnesses = {},
): Promise<Report> {
  const keys = new TrustedKeys(publicKeys);
  let zip: ZipFile | undefined;
  const problems: Problem[] = [];
  try {
    zip = await openPromise(path, { lazyEntries: true, autoClose: false });
    const entries = await entriesOf(zip, problems);
    return await new BundleVerification(zip, entries, keys, problems).report(witnesses);
  } catch (error) {
    // What comes out of a zip that was cut off or written over is no text of ours.
    const report = await verifyEvidenceBy([], keys, witnesses);
    const message = `it cannot be read as a zip: ${(error as Error).message}`;
    return { ...report, problems: [...problems, about(path, 'malformed_line', message)], files: 0 };
  } finally {
    zip?.close();
  }
}

async function entriesOf(zip: ZipFile, problems: Problem[]): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  for await (const entry of zip.eachEntry()) {
    const { fileName } = entry;
    if (entries.has(fileName)) problems.push(about(fileName, 'file_inserted', 'there are two files of this name'));
    else entries.set(fileName, entry);
  }
  return entries;
}

class BundleVerification {
  private readonly found = new Map<string, BundleFile>();

  constructor(
    private readonly zip: ZipFile,
    private readonly entries: ReadonlyMap<string, Entry>,
    private readonly keys: TrustedKeys,
    private readonly problems: Problem[],
  ) {}

  async report(witnesses: Witnesses): Promise<Report> {
    // First the events: with them come the keys that later ones are believed by.
    const evidence = await verifyEvidenceBy(this.chunks(evidenceName), this.keys, witnesses);
    const told = evidence.problems.map((problem) => ({ ...problem, file: evidenceName }));
    await this.seals(evidence);
    const manifest = await this.manifest(evidence);
    if (manifest) await this.files(manifest);
    const problems = [...this.problems, ...told];
    const firstEvent = evidence.firstEvent && { ...evidence.firstEvent, file: evidenceName };
    return { ...evidence, verified: problems.length === 0, firstEvent, problems, files: this.entries.size };
  }

  private async manifest(evidence: Report): Promise<Manifest | undefined> {
    const fault = (check: Check, message: string): undefined => {
      this.problems.push(about(manifestName, check, message));
      return undefined;
    };
    if (!this.entries.has(manifestName)) return fault('file_removed', 'it is missing');
    let manifest: Manifest;
    try {
      manifest = readManifest(await this.text(manifestName, largestManifest));
    } catch (error) {
      return fault('file_altered', (error as Error).message);
    }
    const key = this.keys.find(manifest.keyId);
    if (!key) fault('unknown_key', `it is signed by the key ${manifest.keyId}, which is not one to be believed`);
    else if (!isManifestSignedBy(manifest, key)) fault('file_altered', 'its signature is not one over this list');
    if (evidence.organizationId !== null && manifest.organizationId !== evidence.organizationId) {
      fault('wrong_organization', `it is one of the organization ${manifest.organizationId}`);
    }
    if (evidence.lastSeal && manifest.seal !== evidence.lastSeal.number) {
      fault('file_altered', `it is one of seal ${manifest.seal}, and the events are proven by another`);
    }
    return manifest;
  }

  private async files({ files }: Manifest): Promise<void> {
    const listed = new Set([manifestName, ...files.map(({ name }) => name)]);
    for (const name of this.entries.keys()) {
      if (!listed.has(name)) this.problems.push(about(name, 'file_inserted', 'it is not one of this bundle'));
    }
    for (const file of files) {
      if (!this.entries.has(file.name)) this.problems.push(about(file.name, 'file_removed', 'it is missing'));
      else await this.compare(file);
    }
  }

  private async compare({ name, bytes, sha256 }: BundleFile): Promise<void> {
    if (!this.found.has(name)) for await (const _ of this.chunks(name));
    const found = this.found.get(name);
    if (!found || (found.sha256 === sha256 && found.bytes === bytes)) return;
    const message = `it was signed with the SHA-256 ${sha256}, and has ${found.sha256}`;
    this.problems.push(about(name, 'file_altered', message));
  }

  /** Whether the seals beside the events lead to the one that proves them, and the last only added to the first. */
  private async seals({ lastSeal, organizationId }: Report): Promise<void> {
    const trust = { keys: this.keys, organizationId: organizationId ?? '' };
    if (this.entries.has('seals.ndjson')) {
      this.problems.push(...(await faultsOfSeals(this.chunks('seals.ndjson'), lastSeal, trust)));
    }
    if (!this.entries.has('consistency.json')) return;
    const text = await this.text('consistency.json', largestJson).catch(() => '');
    this.problems.push(...faultsOfConsistency(text, lastSeal));
  }

  private async text(name: string, most: number): Promise<string> {
    const parts: Buffer[] = [];
    let length = 0;
    for await (const chunk of this.chunks(name)) {
      length += chunk.length;
      if (length > most) throw new Error(`it is longer than ${most} bytes`);
      parts.push(chunk);
    }
    return Buffer.concat(parts).toString();
  }

  /** The bytes of a file; what they came to is noted. One that cannot be read ends where it cannot. */
  private async *chunks(name: string): AsyncGenerator<Buffer> {
    const entry = this.entries.get(name);
    if (!entry) return;
    const hash = createHash('sha256');
    let bytes = 0;
    try {
      const stream: Readable = await this.zip.openReadStreamPromise(entry);
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        hash.update(chunk);
        bytes += chunk.length;
        yield chunk;
      }
      this.found.set(name, { name, bytes, sha256: hash.digest('hex') });
    } catch (error) {
      this.found.set(name, { name, bytes: -1, sha256: `none that can be read: ${(error as Error).message}` });
    }
  }
}
