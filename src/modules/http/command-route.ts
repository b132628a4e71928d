import { hash } from 'node:crypto';
import type { ExecutionContext } from '@nestjs/common';
import { applyDecorators, createParamDecorator, Delete, HttpCode, Patch, Post, Put } from '@nestjs/common';
import { newId } from '../../commands/ids.js';
import type { Caller, DomainCommand } from '../../commands/command.js';
import { CommandSpec } from '../../commands/spec-batch.commands.js';
import { Refusal } from '../../commands/refusals.js';
import type { AuthenticatedRequest } from '../auth/principal.js';
import { actorOf } from '../auth/principal.js';
import { Requires } from '../auth/access.js';
import type { CommandRouteOptions } from './command-document.js';
import { answerTo, DescribeCommand } from './command-document.js';
import { requestDigest } from './body-parsers.js';
import { readIfMatch } from './conditional.js';
import type { ModelClass } from './operation-notes.js';
import type { CommandRequest } from './outcome.js';
import { commandRoutes } from './outcome.js';
import { assertOnce, validated } from './validation.js';

const verbs = { Post, Put, Patch, Delete };

/** The route, its rules at the edge and its entry in the OpenAPI document, from the command class and a few words. */
export function CommandRoute(verb: keyof typeof verbs, path: string, options: CommandRouteOptions): MethodDecorator {
  return applyDecorators(
    verbs[verb](path),
    HttpCode(answerTo(options).status),
    Requires(options.access ?? 'writer'),
    commandRoutes.on(options),
    DescribeCommand(
      options,
      [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name),
    ),
  );
}

/** Path, query and body as one validated command. The body cannot name what the path says. */
export const FromRequest = createParamDecorator((_: unknown, context: ExecutionContext): object => {
  const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
  const options = commandRoutes.of(context);
  if (!options.asks) (request as CommandRequest).commandRoute = options;
  const path = pathOf(request);
  if (options.audited !== undefined) Object.assign(request, { audited: options.audited, auditedAbout: path });
  const query = queryOf(request, options);
  const { type, body } = bodyOf(request, options);
  const given = { ...path, ...query };
  // A route that takes Markdown as well takes the same members in a JSON body.
  const inQuery = options.markdown ? [] : (options.query ?? []);
  const elsewhere = [...Object.keys(given), ...inQuery, ...(options.creates?.id ? [options.creates.id] : [])];
  const said = path as Record<string, unknown>;
  const hijacked = elsewhere.find(
    (name) => Object.hasOwn(body, name) && (body as typeof said)[name] !== (said[name] ?? {}),
  );
  if (hijacked) {
    const errors = [{ pointer: `/${hijacked}`, code: 'unknown', message: `there is no "${hijacked}"` }];
    throw new Refusal('validation_failed', `"${hijacked}" stands in the path or the query, not in the body.`, {
      errors,
    });
  }
  const created = options.creates?.id ? { [options.creates.id]: newId() } : {};
  const command = validated(
    type,
    { ...body, ...given, ...created },
    'body',
    options.bodiless && !options.json ? 'all' : Object.keys(given),
  );
  return command instanceof CommandSpec ? withSteps(command) : command;
});

/** The ids and keys in the path, ids in lower case. */
function pathOf(request: AuthenticatedRequest): Record<string, string> {
  const path: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.params as Record<string, string>)) {
    if (name !== 'organizationId') path[name] = name.endsWith('Id') ? value.toLowerCase() : value;
  }
  return path;
}

/** Each named command is validated like a body of its own, with pointers into the batch. */
function withSteps(batch: CommandSpec): CommandSpec {
  const steps = batch.commands.map(({ name, body }, index) => {
    const type = Object.hasOwn(CommandSpec.catalog, name) ? CommandSpec.catalog[name] : undefined;
    const prefix = `/commands/${index}`;
    if (!type || 'specId' in body) {
      const [code, message] = type
        ? ['unknown', 'specId stands in the path']
        : ['name', `there is no command "${name}"`];
      const errors = [{ pointer: type ? `${prefix}/body/specId` : `${prefix}/name`, code, message }];
      throw new Refusal(type ? 'validation_failed' : 'unknown_command', `${message}.`, { errors });
    }
    return validated<DomainCommand>(type, { ...body, specId: batch.specId }, 'body', [], `${prefix}/body`);
  });
  return batch.as(steps);
}

function queryOf(request: AuthenticatedRequest, { query = [] }: CommandRouteOptions): Record<string, unknown> {
  const given = request.query as Record<string, unknown>;
  const unknown = Object.keys(given).find((name) => !query.includes(name));
  if (unknown) throw new Refusal('unknown_query_parameter', `There is no parameter "${unknown}" here.`);
  assertOnce(given);
  return given;
}

function bodyOf(
  request: AuthenticatedRequest,
  { json, markdown, bodiless }: CommandRouteOptions,
): { type: ModelClass; body: object } {
  const mediaType = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  const { body } = request;
  if (bodiless && !(json && body !== undefined)) {
    if (body !== undefined && !(isObject(body) && Object.keys(body).length === 0)) {
      throw new Refusal('invalid_request', 'This takes no body.');
    }
    return { type: bodiless, body: {} };
  }
  if (mediaType === 'text/markdown' && markdown) return { type: markdown, body: { markdown: body ?? '' } };
  if (mediaType !== undefined && mediaType !== 'text/markdown' && json) {
    if (body === undefined) throw new Refusal('malformed_json', 'The body is empty.');
    if (!isObject(body)) throw new Refusal('invalid_request', 'The body must be a JSON object.');
    return { type: json, body };
  }
  const accepted = [json && 'application/json', markdown && 'text/markdown'].filter(Boolean).join(' or ');
  throw new Refusal('unsupported_media_type', `Send ${accepted} as Content-Type.`);
}

const isObject = (value: unknown): value is object =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** Who calls, when, by which request and against which version: everything a command may not say of itself. */
export const From = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
  const { principal, headers } = request;
  const { ifMatch: condition, keepsNoAnswer } = commandRoutes.of(context);
  const ifMatch = condition && readIfMatch(headers['if-match']);
  if (condition === 'required' && ifMatch === undefined) {
    throw new Refusal(
      'precondition_required',
      'Send the ETag you read as If-Match, or If-Match: * for whatever is there.',
    );
  }
  const idempotencyKey = headers['idempotency-key'];
  const traceparent = headers.traceparent;
  return {
    organizationId: principal?.organizationId ?? (request.params as { organizationId?: string }).organizationId ?? '',
    actor: actorOf(principal),
    now: new Date(),
    ...(principal && { keyId: principal.keyId, role: principal.role }),
    requestId: request.id,
    ...(typeof traceparent === 'string' &&
      /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/.test(traceparent) && { traceparent }),
    ...(idempotencyKey !== undefined &&
      !keepsNoAnswer && { idempotency: idempotencyOf(request, String(idempotencyKey)) }),
    ...(ifMatch !== undefined && { ifMatch }),
  };
});

/** The key of one principal as a command id, and what the request was, to tell a repetition from a reuse. */
function idempotencyOf(request: AuthenticatedRequest, header: string): { commandId: string; requestHash: string } {
  const key = header.startsWith('"') ? header.replace(/^"(.*)"$/, '$1') : header;
  if (!/^[\x20-\x7e]{1,255}$/.test(key)) {
    throw new Refusal('invalid_header', 'Idempotency-Key takes 1 to 255 visible ASCII characters.');
  }
  const digest = hash('sha256', `${request.principal?.keyId ?? 'operator'}\n${key}`);
  return { commandId: uuidOf(digest), requestHash: requestDigest(request) };
}

/** A UUID of version 8 (RFC 9562, section 5.8) made from a hash, in hex: the same key is the same command. */
function uuidOf(digest: string): string {
  const variant = '89ab'.charAt(parseInt(digest.charAt(16), 16) & 3);
  const [time, middle, high, low] = [
    digest.slice(0, 8),
    digest.slice(8, 12),
    digest.slice(13, 16),
    digest.slice(17, 20),
  ];
  return `${time}-${middle}-8${high}-${variant}${low}-${digest.slice(20, 32)}`;
}
