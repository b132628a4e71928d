import type { IncomingMessage, ServerResponse } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { newId } from '../../commands/ids.js';
import type { RefusalCode } from '../../commands/refusals.js';
import { Refusal, refusals } from '../../commands/refusals.js';
import { freeHeaderLength } from './openapi-parameters.js';

/**
 * What holds for every request, before any controller.
 * @returns to be called when all routes are there: answers 405 with Allow for what a resource cannot do (RFC 9110, 15.5.6)
 */
export function registerEdge(app: NestFastifyApplication): () => void {
  const fastify = app.getHttpAdapter().getInstance();
  const routes = new Map<string, Set<string>>();

  fastify.addHook('onRoute', ({ url, method }) => {
    routes.set(url, new Set([...(routes.get(url) ?? []), ...[method].flat()]));
  });
  // Node would answer 417 without a word: an expectation that nobody knows is passed over (RFC 9110, section 10.1.1).
  fastify.server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    fastify.server.emit('request', request, response);
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id).header('x-content-type-options', 'nosniff');
    done(refusalOfHead(request));
  });

  return () => {
    for (const [url, known] of [...routes].filter(([path]) => /^\/(?:v1|health|\.well-known)\b/.test(path))) {
      const allow = [...known].sort().join(', ');
      fastify.route({
        method: fastify.supportedMethods.filter((method) => !known.has(method)),
        url,
        // Before a body is read, or missed: QUERY must have one.
        onRequest: (_request, reply, done) => {
          void reply.header('allow', allow);
          done(new Refusal('method_not_allowed', `It can do ${allow}.`));
        },
        handler: () => undefined,
      });
    }
  };
}

function refusalOfHead({ url, headers, raw }: FastifyRequest): Refusal | undefined {
  if (headers.host === undefined && raw.httpVersion === '1.1') {
    return new Refusal('invalid_request', 'A request says in Host where it goes.');
  }
  // PostgreSQL has no NUL in text, and no path or parameter of ours has a use for one.
  if (url.includes('%00')) return new Refusal('forbidden_character', 'NUL cannot be stored.');
  // What cannot be decoded would be taken as it stands, percent signs and all. In the path Fastify refuses it.
  if (!isDecodable(url.slice(url.indexOf('?') + 1))) {
    return new Refusal('invalid_request', 'The query holds what is no percent-encoded UTF-8.');
  }
  const long = (['if-none-match', 'if-range', 'range', 'prefer'] as const).find(
    (name) => (headers[name]?.length ?? 0) > freeHeaderLength,
  );
  return long && new Refusal('invalid_request', `The header ${long} is longer than ${freeHeaderLength} characters.`);
}

function isDecodable(query: string): boolean {
  if (!query.includes('%')) return true;
  try {
    decodeURIComponent(query);
    return true;
  } catch {
    return false;
  }
}

type Broken = { code: RefusalCode; detail: string };
const notHttp: Broken = { code: 'invalid_request', detail: 'This is not an HTTP request.' };
const brokenBy: Partial<Record<string, Broken>> = {
  HPE_HEADER_OVERFLOW: { code: 'headers_too_large', detail: 'The headers are over 16 KiB.' },
  ERR_HTTP_REQUEST_TIMEOUT: {
    code: 'request_timeout',
    detail: 'The headers come within a minute, all of it within two.',
  },
};

/**
 * A request that is no HTTP, does not come in whole, or whose headers are over Node's 16 KiB, gets a problem too before
 * the line is cut.
 */
export function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable) return;
  const { code, detail } = brokenBy[error.code ?? ''] ?? notHttp;
  const { status, title } = refusals[code];
  const requestId = newId();
  const body = JSON.stringify({ type: `/problems/${code}`, title, status, code, detail, requestId });
  const headers = [
    `x-request-id: ${requestId}`,
    'x-content-type-options: nosniff',
    'content-type: application/problem+json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${headers.join('\r\n')}\r\n\r\n${body}`);
}
