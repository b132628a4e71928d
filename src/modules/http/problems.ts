import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { Catch, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { bounds } from '../../commands/bounds.js';
import type { RefusalCode } from '../../commands/refusals.js';
import { Refusal } from '../../commands/refusals.js';
import type { AuthenticatedRequest } from '../auth/principal.js';
import { jsonBytes } from './body-parsers.js';

/** What Fastify, Nest and PostgreSQL say, in our words. */
const byStatus: Record<number, RefusalCode> = {
  400: 'invalid_request',
  401: 'unauthenticated',
  403: 'not_permitted',
  404: 'not_found',
  405: 'method_not_allowed',
  406: 'not_acceptable',
  413: 'body_too_large',
  414: 'invalid_request',
  415: 'unsupported_media_type',
  431: 'invalid_header',
  503: 'unavailable',
};

const mebibytes = (bytes: number): string => `${bytes / 2 ** 20} MiB`;
/** What can be done instead, where Fastify only says what is wrong. */
const advice: Partial<Record<RefusalCode, string>> = {
  body_too_large: `JSON may have ${mebibytes(jsonBytes)}, Markdown ${mebibytes(bounds.documentBytes)}.`,
  unsupported_media_type: 'Bodies are application/json or text/markdown.',
};

const log = new Logger('http');

/** Any error, as the refusal that the caller is told. What we did not expect is logged, and its text stays inside. */
export function refusalFrom(error: unknown, requestId: string): Refusal {
  if (error instanceof Refusal) return error;
  const { status, statusCode, message, code } = error as {
    status?: number;
    statusCode?: number;
    message?: string;
    code?: string;
  };
  const known = byStatus[(error instanceof HttpException ? error.getStatus() : (statusCode ?? status)) ?? 0];
  if (known) return new Refusal(known, advice[known] ?? message ?? '');
  // Connection refused or lost, shutting down, no room on the disk: not the caller's fault, and worth another try.
  if (
    /^(?:ECONN|EPIPE|ETIMEDOUT|57P0|53|08)/.test(code ?? '') ||
    /Connection terminated|connection error|timeout exceeded/.test(message ?? '')
  ) {
    log.warn(`${requestId} ${code ?? ''} ${message ?? ''}`);
    return new Refusal('unavailable', 'The database cannot do it just now; try again.', { retryAfter: 1 });
  }
  if (code === '22021' || code === '22P05') return new Refusal('forbidden_character', 'The text cannot be stored.');
  log.error(`${requestId} ${error instanceof Error ? error.stack : String(error)}`);
  return new Refusal('internal_error', 'It is in our log under the request id.');
}

export function sendProblem(reply: FastifyReply, refusal: Refusal, requestId: string): void {
  const { code, status, title, message: detail } = refusal;
  const { retryAfter, ...details } = refusal.details;
  if (typeof retryAfter === 'number') void reply.header('retry-after', String(retryAfter));
  if (status === 401) void reply.header('www-authenticate', 'Bearer realm="specline"');
  void reply
    .status(status)
    .header('x-request-id', requestId)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .send(JSON.stringify({ type: `/problems/${code}`, title, status, code, detail, requestId, ...details }));
}

/** The one place where an error becomes an answer. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<AuthenticatedRequest>();
    const refusal = refusalFrom(error, request.id);
    request.refusal = refusal.code;
    sendProblem(http.getResponse<FastifyReply>(), refusal, request.id);
  }
}
