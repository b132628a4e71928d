import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { Seal } from './seal.js';
import { TrustedKeys } from './trusted-keys.js';
import type { Report } from './verification.js';
import { Verification } from './verification.js';

/** No event is longer: a document of 2 MiB whose every byte takes six in JSON, and what is around it. */
const longestLine = 32 * 1024 * 1024;

/**
 * Verifies an evidence file as it streams by.
 *
 * @param chunks the bytes of the file
 * @param publicKeys whom to believe: 32 bytes each, in base64url
 * @param known seals seen earlier, which the file must hold unchanged
 */
export async function verifyEvidence(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  publicKeys: readonly string[],
  known: readonly Seal[] = [],
): Promise<Report> {
  return verifyEvidenceBy(chunks, new TrustedKeys(publicKeys), known);
}

/** As {@link verifyEvidence}; the keys that the file leads to are believed from then on. */
export async function verifyEvidenceBy(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  keys: TrustedKeys,
  known: readonly Seal[] = [],
): Promise<Report> {
  const verification = new Verification(keys, known);
  const digest = createHash('sha256');
  for await (const { bytes, fault } of linesOf(chunks)) {
    const problem = fault ?? (isUtf8(bytes) ? undefined : 'it is not UTF-8');
    if (problem === undefined) verification.line(bytes.toString(), () => digest.copy().digest('hex'));
    else verification.unreadable(problem);
    digest.update(bytes).update('\n');
    if (verification.isHopeless) break;
  }
  return verification.report();
}

type Line = { bytes: Buffer; fault?: string };

/** The lines of a file, without their line feeds. What stands behind the last line feed is no line: it was cut off. */
export async function* linesOf(chunks: AsyncIterable<Buffer> | Iterable<Buffer>): AsyncGenerator<Line> {
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
