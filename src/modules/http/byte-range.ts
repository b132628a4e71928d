import type { FastifyReply } from 'fastify';
import { Refusal } from '../../commands/refusals.js';
import { matchesNone } from './conditional.js';

/** From the first byte, counted from 0, to behind the last one. */
export type ByteRange = { from: number; end: number };

/**
 * The one range that a Range header asks for (RFC 9110, section 14.2). Several ranges, another unit and what cannot be
 * understood are answered with the whole, as section 14.2 allows.
 *
 * @param size of the whole, in bytes
 * @returns undefined for the whole; `unsatisfiable` where nothing of the range is there
 */
export function byteRange(header: string | undefined, size: number): ByteRange | 'unsatisfiable' | undefined {
  const [, first = '', last = ''] = /^bytes[ \t]*=[ \t]*(\d{0,15})-(\d{0,15})[ \t]*$/i.exec(header ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? 'unsatisfiable' : { from: size - length, end: size };
  }
  const from = Number(first);
  if (last !== '' && Number(last) < from) return undefined;
  if (from >= size) return 'unsatisfiable';
  return { from, end: last === '' ? size : Math.min(Number(last) + 1, size) };
}

/** A file that never changes, known by its hash. */
export type WholeFile = { sha256: string; bytes: number; mediaType: string; name: string };

/**
 * Sets what an answer with a file, or with a part of it, says of itself: 200, 206 or 304.
 * @returns the bytes to send; nothing for 304
 * @throws Refusal `range_not_satisfiable`
 */
export function answerFile(
  reply: FastifyReply,
  { ifNoneMatch, range, ifRange }: { ifNoneMatch?: string; range?: string; ifRange?: string },
  { sha256, bytes, mediaType, name }: WholeFile,
): ByteRange | undefined {
  const tag = `"${sha256}"`;
  void reply.header('etag', tag).header('accept-ranges', 'bytes').header('cache-control', 'private, no-cache');
  if (matchesNone(ifNoneMatch, tag)) {
    void reply.status(304);
    return undefined;
  }
  // A date is no strong validator here: nothing says when the file changed.
  const wanted = ifRange === undefined || ifRange.trim() === tag ? byteRange(range, bytes) : undefined;
  if (wanted === 'unsatisfiable') {
    void reply.header('content-range', `bytes */${bytes}`);
    throw new Refusal('range_not_satisfiable', `It has ${bytes} bytes.`);
  }
  const { from, end } = wanted ?? { from: 0, end: bytes };
  if (wanted) void reply.status(206).header('content-range', `bytes ${from}-${end - 1}/${bytes}`);
  void reply
    .header('content-type', mediaType)
    .header('content-length', end - from)
    .header('content-disposition', `attachment; filename="${name}"`)
    .header('repr-digest', `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`);
  return { from, end };
}
