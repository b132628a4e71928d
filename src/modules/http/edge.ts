import type { Socket } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { newId } from '../../commands/ids.js';
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

function refusalOfHead({ url, headers }: FastifyRequest): Refusal | undefined {
  // PostgreSQL has no NUL in text, and no path or parameter of ours has a use for one.
  if (url.includes('%00')) return new Refusal('forbidden_character', 'NUL cannot be stored.');
  const long = (['if-none-match', 'if-range', 'range', 'prefer'] as const).find(
    (name) => (headers[name]?.length ?? 0) > freeHeaderLength,
  );
  return long && new Refusal('invalid_request', `The header ${long} is longer than ${freeHeaderLength} characters.`);
}

/** A request that is no HTTP, or whose headers are over Node's 16 KiB, gets a problem too before the line is cut. */
export function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable) return;
  const tooLong = error.code === 'HPE_HEADER_OVERFLOW';
  const [code, detail] = tooLong
    ? (['headers_too_large', 'The headers are over 16 KiB.'] as const)
    : (['invalid_request', 'This is not an HTTP request.'] as const);
  const { status, title } = refusals[code];
  const body = JSON.stringify({ type: `/problems/${code}`, title, status, code, detail, requestId: newId() });
  const phrase = tooLong ? 'Request Header Fields Too Large' : 'Bad Request';
  const head = `content-type: application/problem+json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close`;
  socket.end(`HTTP/1.1 ${status} ${phrase}\r\n${head}\r\n\r\n${body}`);
}
