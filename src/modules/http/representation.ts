import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import Negotiator from 'negotiator';
import { Refusal } from '../../commands/refusals.js';
import { entityTag, matchesNone } from './conditional.js';

/** How a resource can be written down; each made only when it is asked for. */
export type Representations = { json: () => object; markdown?: () => string };

/**
 * Answers with the representation that Accept prefers (RFC 9110, section 12.5.1; JSON by default), or 304 where
 * If-None-Match names the version. Markdown carries its SHA-256 as Repr-Digest (RFC 9530).
 */
export function respond(
  reply: FastifyReply,
  headers: { accept?: string; ifNoneMatch?: string },
  version: number,
  { json, markdown }: Representations,
): object | string | undefined {
  const offered = markdown ? ['application/json', 'text/markdown'] : ['application/json'];
  const chosen = chosenMediaType(headers.accept, offered);
  void reply.header('etag', entityTag(version)).header('vary', 'Accept').header('cache-control', 'private, no-cache');
  if (matchesNone(headers.ifNoneMatch, entityTag(version))) {
    void reply.status(304);
    return undefined;
  }
  if (chosen === 'application/json' || !markdown) return json();
  const text = markdown();
  const digest = createHash('sha256').update(text).digest('base64');
  void reply.header('content-type', 'text/markdown; charset=utf-8').header('repr-digest', `sha-256=:${digest}:`);
  return text;
}

/**
 * The media type that Accept prefers out of some, the first of which is the default.
 * @throws Refusal `not_acceptable`
 */
export function chosenMediaType(accept: string | undefined, offered: string[]): string {
  const chosen = preferred(accept, offered);
  if (!chosen) throw new Refusal('not_acceptable', `It can be had as ${offered.join(' or ')}.`);
  return chosen;
}

/** Most clients say that they take anything, or say nothing; an empty list says nothing as well. */
function preferred(accept: string | undefined, offered: string[]): string | undefined {
  if (accept === undefined || accept.trim() === '' || accept === '*/*' || accept === 'application/json') {
    return 'application/json';
  }
  const chosen = new Negotiator({ headers: { accept } }).mediaType(offered.map((type) => type + inUtf8));
  return chosen?.slice(0, -inUtf8.length);
}

/** What every text here is in: whoever asks for that in as many words is not asking for something else. */
const inUtf8 = '; charset=utf-8';
