import { isUtf8 } from 'node:buffer';
import { hash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { bounds } from '../../commands/bounds.js';
import { Refusal } from '../../commands/refusals.js';
import { parseStrictJson } from './strict-json.js';

/** A JSON body may carry a whole document, whose escapes can double it, and its section structure. */
export const jsonBytes = 2 * bounds.documentBytes + 1024 * 1024;

type ReceivingRequest = FastifyRequest & { received?: string };

/**
 * SHA-256 of the request as it was sent, hex: what a repetition of it is known by. It is kept; with the caller's key in
 * it, which is not, nobody can find out by trying whom the request named.
 */
export function requestDigest(request: ReceivingRequest): string {
  const { method, url, headers, received = '' } = request;
  const key = headers.authorization?.split(' ').findLast((part) => part !== '');
  return hash('sha256', `${key}\n${method}\n${url}\n${headers['content-type'] ?? ''}\n${received}`);
}

/** Bodies are JSON or Markdown, in UTF-8; everything else is 415. Markdown keeps its byte order mark. */
export function registerBodyParsers(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.decorateRequest('received', undefined);
  fastify.removeAllContentTypeParsers();
  const json = { parseAs: 'buffer', bodyLimit: jsonBytes } as const;
  fastify.addContentTypeParser(/^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i, json, (request, body: Buffer, done) => {
    attempt(done, () => (body.length === 0 ? undefined : parseStrictJson(decode(request, body))));
  });
  const markdown = { parseAs: 'buffer', bodyLimit: bounds.documentBytes } as const;
  fastify.addContentTypeParser(/^text\/markdown\s*(?:;|$)/i, markdown, (request, body: Buffer, done) => {
    attempt(done, () => decode(request, body));
  });
}

function decode(request: ReceivingRequest, bytes: Buffer): string {
  const { 'content-encoding': coding = 'identity' } = request.headers;
  if (!/^identity$/i.test(coding)) throw new Refusal('unsupported_media_type', 'Bodies are not compressed.');
  const [, charset = 'utf-8'] = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(request.headers['content-type'] ?? '') ?? [];
  if (!/^utf-?8$/i.test(charset)) throw new Refusal('unsupported_media_type', 'Bodies are in UTF-8.');
  if (!isUtf8(bytes)) throw new Refusal('malformed_encoding', 'The body holds bytes that are not UTF-8.');
  const text = bytes.toString();
  if (text.includes('\0')) throw new Refusal('forbidden_character', 'NUL cannot be stored.');
  request.received = text;
  return text;
}

function attempt(done: (error: Error | null, body?: unknown) => void, parse: () => unknown): void {
  try {
    done(null, parse());
  } catch (error) {
    done(error as Error);
  }
}
