import { applyDecorators } from '@nestjs/common';
import type { ApiHeaderOptions } from '@nestjs/swagger';
import {
  ApiExtraModels,
  ApiHeader,
  ApiOperation,
  ApiQuery,
  ApiResponse,
  ApiTags,
  getSchemaPath,
  OmitType,
} from '@nestjs/swagger';
import type { RefusalCode } from '../../commands/refusals.js';
import { refusals } from '../../commands/refusals.js';
import type { DomainCommand } from '../../commands/command.js';
import type { Role } from '../auth/principal.js';
import { Problem } from './problem.view.js';

export type CommandClass = new () => DomainCommand;

/** A write: which command it is, what of it stands in the path and the query, and how it is answered. */
export type CommandRouteOptions = {
  /** For the reference: what it does, in a few words. */
  summary: string;
  operationId: string;
  tag: string;
  /** By Content-Type; a route with neither takes no body. */
  json?: CommandClass;
  markdown?: CommandClass;
  /** The command of a route without a body. */
  bodiless?: CommandClass;
  /** Fields of the command that come from the query. */
  query?: readonly string[];
  /** Whether something that exists is written to: then If-Match is required. */
  ifMatch?: 'required' | 'optional';
  /** The id that this creates: the field of the command, and where the new resource is found. */
  creates?: { id?: string; location: (receipt: Record<string, unknown>) => string };
  /** The view class of the receipt. */
  receipt: new () => object;
  /** Who may: a writer of the organization by default. */
  access?: Role | 'operator';
};

const etag = {
  ETag: { description: 'The version of what was addressed, after the write', schema: { type: 'string' as const } },
};

const idempotencyKey: ApiHeaderOptions = {
  name: 'Idempotency-Key',
  required: false,
  description: 'The same key with the same request gets the first answer again',
  schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[ -~]+$' },
};

/** What @nestjs/swagger cannot be told by decorators: bodies by media type, parameters from a class. By operationId. */
export const operationNotes = new Map<string, { content?: Record<string, object>; query?: new () => object }>();

/** A write's entry in the OpenAPI document: the body is the command without what the path and the query say. */
export function DescribeCommand(options: CommandRouteOptions): MethodDecorator {
  const { summary, operationId, tag, json, markdown, query = [], ifMatch, creates, receipt } = options;
  const elsewhere = ['specId', 'sectionKey', 'organizationId', ...(creates?.id ? [creates.id] : [])];
  const bodySchema = json && bodyOf(json, elsewhere);
  const content = {
    ...(bodySchema && { 'application/json': { schema: { $ref: getSchemaPath(bodySchema) } } }),
    ...(markdown && { 'text/markdown': { schema: { type: 'string' as const } } }),
  };
  if (json ?? markdown) operationNotes.set(operationId, { content });
  const location = { Location: { description: 'The new resource', schema: { type: 'string' as const } } };
  return applyDecorators(
    ApiTags(tag),
    ApiOperation({ operationId, summary }),
    ApiHeader(idempotencyKey),
    ...(ifMatch ? [ApiHeader(ifMatchHeader(ifMatch === 'required'))] : []),
    ...query.map((name) => ApiQuery({ name, required: false, schema: { type: 'string', maxLength: 300 } })),
    ...(bodySchema ? [ApiExtraModels(bodySchema)] : []),
    ApiResponse({
      status: creates ? 201 : 200,
      description: 'Done',
      type: receipt,
      headers: creates ? { ...etag, ...location } : etag,
    }),
    ...DescribeProblems(commandProblems),
  );
}

const commandProblems: readonly RefusalCode[] = [
  'invalid_request',
  'unauthenticated',
  'not_permitted',
  'not_found',
  'already_exists',
  'stale_version',
  'body_too_large',
  'unsupported_media_type',
  'validation_failed',
  'precondition_required',
  'internal_error',
  'unavailable',
];

/** One response a status, listing the codes that share it. */
export function DescribeProblems(codes: readonly RefusalCode[]): MethodDecorator[] {
  const statuses = [...new Set(codes.map((code) => refusals[code].status))];
  return statuses.map((status) => {
    const all = Object.entries(refusals).filter(([, refusal]) => refusal.status === status);
    return ApiResponse({
      status,
      description: all.map(([code, { title }]) => `\`${code}\`: ${title}`).join('; '),
      content: { 'application/problem+json': { schema: { $ref: getSchemaPath(Problem) } } },
    });
  });
}

export function parameterSchema(name: string): {
  type: 'string';
  format?: string;
  pattern?: string;
  maxLength?: number;
} {
  if (name.endsWith('Id')) return { type: 'string', format: 'uuid' };
  return { type: 'string', pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 100 };
}

function ifMatchHeader(required: boolean): ApiHeaderOptions {
  const description = 'The ETag that was read; `*` for whatever is there';
  return { name: 'If-Match', required, description, schema: { type: 'string', maxLength: 200 }, example: '"7"' };
}

const bodies = new Map<string, new () => object>();

/** The body class of a command: the command less what is said elsewhere, under a name of its own, made once. */
function bodyOf(command: new () => object, without: readonly string[]): new () => object {
  const name = `${command.name}Body`;
  const made = bodies.get(name) ?? OmitType(command, without as never[]);
  Object.defineProperty(made, 'name', { value: name });
  bodies.set(name, made);
  return made;
}
