import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { EarlierHistory } from './earlier-history.js';
import { TrustedKeys } from './trusted-keys.js';
import type { Report, Witnesses } from './verification.js';
import { Verification } from './verification.js';

/** No event is longer: a document of 2 MiB whose every byte takes six in JSON, and what is around it. */
const longestLine = 32 * 1024 * 1024;

type Chunks = AsyncIterable<Buffer> | Iterable<Buffer>;

/**
 * Verifies an evidence file as it streams by.
 *
 * @param chunks the bytes of the file
 * @param publicKeys whom to believe: 32 bytes each, in base64url
 * @param witnesses what was kept of earlier, and the file must hold unchanged
 */
export async function verifyEvidence(
  chunks: Chunks,
  publicKeys: readonly string[],
  witnesses: Witnesses = {},
): Promise<Report> {
  return verifyEvidenceBy(chunks, new TrustedKeys(publicKeys), witnesses);
}

/** As {@link verifyEvidence}; the keys that the file leads to are believed from then on. */
export async function verifyEvidenceBy(chunks: Chunks, keys: TrustedKeys, witnesses: Witnesses = {}): Promise<Report> {
  return (await readThrough(chunks, new Verification(keys, witnesses))).report();
}

/**
 * Reads an evidence file of an organization that was kept, to hold a later one against it.
 * @throws Error where it is not true itself, or is about one spec only
 */
export async function readEarlierEvidence(chunks: Chunks, publicKeys: readonly string[]): Promise<EarlierHistory> {
  const verification = await readThrough(chunks, new Verification(new TrustedKeys(publicKeys), {}, true));
  const { verified } = verification.report();
  if (!verified) throw new Error('it is not verified itself');
  if (!verification.history) throw new Error('it is about one spec, and not about an organization');
  return verification.history;
}

async function readThrough(chunks: Chunks, verification: Verification): Promise<Verification> {
  const digest = createHash('sha256');
  for await (const { bytes, fault } of linesOf(chunks)) {
    const problem = fault ?? (isUtf8(bytes) ? undefined : 'it is not UTF-8');
    if (problem === undefined) verification.line(bytes.toString(), () => digest.copy().digest('hex'));
    else verification.unreadable(problem);
    digest.update(bytes).update('\n');
    if (verification.isHopeless) break;
  }
  return verification;
}

type Line = { bytes: Buffer; fault?: string };

/** The lines of a file, without their line feeds. What stands behind the last line feed is no line: it was cut off. */
export async function* linesOf(chunks: Chunks): AsyncGenerator<Line> {
  let parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      yield { bytes: Buffer.concat([...parts, chunk.subarray(start, end)]) };
      [parts, length, start] = [[], 0, end + 1];
    }
    if (start < chunk.length) parts.push(chunk.subarray(start));
    length += chunk.length - start;
    if (length <= longestLine) continue;
    yield { bytes: Buffer.concat(parts), fault: `it is longer than ${longestLine} bytes` };
    [parts, length] = [[], 0];
  }
}
