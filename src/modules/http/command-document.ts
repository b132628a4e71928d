import { applyDecorators } from '@nestjs/common';
import type { ApiHeaderOptions } from '@nestjs/swagger';
import { ApiExtraModels, ApiHeader, ApiOperation, ApiResponse, ApiTags, OmitType } from '@nestjs/swagger';
import type { DomainCommand } from '../../commands/command.js';
import type { RefusalCode } from '../../commands/refusals.js';
import { refusedBy } from '../../commands/refuses.js';
import type { Role } from '../auth/principal.js';
import type { AnswerForm, ModelClass } from './operation-notes.js';
import { operationNotes, problemsOfTenants } from './operation-notes.js';

export type CommandClass = new () => DomainCommand;

/**
 * A request with a body: which command it is, what of it stands in the path and the query, and how it is answered. Where
 * it `asks`, it is a question that takes a body: its class is no command, its answer no receipt, and nothing is written.
 */
export type CommandRouteOptions = {
  /** For the reference: what it does, in a few words. */
  summary: string;
  operationId: string;
  tag: string;
  /** By Content-Type; a route with neither takes no body. */
  json?: ModelClass;
  markdown?: ModelClass;
  /** The command of a route without a body; beside `json`, of one whose body may be left out. */
  bodiless?: CommandClass;
  /** Fields that stand in the path of most routes, and of this one in the body. */
  inBody?: readonly string[];
  /** Fields of the command that come from the query. */
  query?: readonly string[];
  /** Whether something that exists is written to: then If-Match is required. */
  ifMatch?: 'required' | 'optional';
  /** The id that this creates: the field of the command, and where the new resource is found. */
  creates?: { id?: string; location: (receipt: Record<string, unknown>) => string };
  /** The work goes on behind the answer: 202. */
  accepts?: boolean;
  /** Nothing is written: there is nothing to repeat, and no version. */
  asks?: true;
  /** It leaves no event and comes to the same when it is done twice: no answer is kept, and none given again. */
  keepsNoAnswer?: true;
  /** It leaves no event, and stands in the audit trail under this name, with the ids in its path. */
  audited?: string;
  /** In which other form the answer can be had, by Accept. */
  alternative?: AnswerForm;
  /** The view class of the receipt. */
  receipt: new () => object;
  /** Who may: a writer of the organization by default. */
  access?: Role | 'operator';
};

/**
 * A write's entry in the OpenAPI document: the body is the command without what the path and the query say.
 * @param inPath names of what stands in the route's path; what stands in its controller's is known here
 */
export function DescribeCommand(options: CommandRouteOptions, inPath: readonly string[]): MethodDecorator {
  const { summary, operationId, tag, json, markdown, bodiless, query, ifMatch, creates, accepts, receipt, access } =
    options;
  const { asks = false, keepsNoAnswer = asks, alternative } = options;
  const { status, description } = answerTo(options);
  const inPrefix = ['specId', 'organizationId', 'operationId'].filter((name) => !options.inBody?.includes(name));
  const inQuery = markdown ? [] : (query ?? []);
  const elsewhere = [...inPrefix, ...inPath, ...inQuery, ...(creates?.id ? [creates.id] : [])];
  const body = json && bodyOf(json, elsewhere);
  const queried = markdown ?? bodiless ?? json;
  operationNotes.set(operationId, {
    json: body,
    bodyIsOptional: bodiless !== undefined,
    markdown,
    ...(query && queried && { query: { type: queried, names: query } }),
    alternative,
    headers: [
      ...(accepts || asks ? [] : (['ETag'] as const)),
      ...(keepsNoAnswer ? [] : (['Idempotency-Replayed'] as const)),
      ...(creates ? (['Location'] as const) : []),
    ],
    problems: problemsOf(options),
  });
  const models = [body, markdown, ...(query ? [queried] : [])].filter((model): model is ModelClass => !!model);
  return applyDecorators(
    ApiTags(tag),
    ApiOperation({
      operationId,
      summary,
      description: describe(options),
      ...(access === 'operator' && { security: [{ operatorKey: [] }] }),
    }),
    ...(keepsNoAnswer ? [] : [ApiHeader(idempotencyKey)]),
    ...(ifMatch ? [ApiHeader(ifMatchHeader(ifMatch === 'required'))] : []),
    ApiExtraModels(...models),
    ApiResponse({ status, description, type: receipt }),
    ...(creates && query?.includes('simulate')
      ? [ApiResponse({ status: 200, description: 'The verdict of a simulation: nothing was created.', type: receipt })]
      : []),
  );
}

/** How a write that succeeds is answered. */
export function answerTo({ creates, accepts, asks }: CommandRouteOptions): { status: number; description: string } {
  if (asks) return { status: 200, description: 'The answer: nothing is written.' };
  if (accepts) return { status: 202, description: 'Taken on, or so already by the same request: ask how far it is.' };
  if (creates) return { status: 201, description: 'Created, or there already by the same request.' };
  return { status: 200, description: 'Done, or so already.' };
}

const idempotencyKey: ApiHeaderOptions = {
  name: 'Idempotency-Key',
  required: false,
  description: 'The same key with the same request gets the first answer again',
  schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[!#-~]([ -~]*[!-~])?$' },
  example: '8e03978e-40d5-43e8-bc93-6894a57f9324',
};

function ifMatchHeader(required: boolean): ApiHeaderOptions {
  const description = 'The ETag that was read, a list of them, or `*` for whatever is there';
  const tag = '(W/)?"[!#-+\\x2d-~]*"';
  const schema = { type: 'string', maxLength: 2000, pattern: `^(\\*|${tag}(, ?${tag})*)$` } as const;
  return { name: 'If-Match', required, description, schema, example: '"7"' };
}

function describe({ access = 'writer', ifMatch, markdown, json }: CommandRouteOptions): string {
  const who = access === 'operator' ? 'Needs the operator key.' : `Needs a key with the role \`${access}\`.`;
  const tag = {
    required: ' `If-Match` names the version that was read.',
    optional: ' `If-Match` is optional: what is added stands in the way of nobody.',
  };
  const bodies =
    json && markdown
      ? ' The body is JSON, or a whole document as Markdown. A member of a JSON body is not said in the query again.'
      : '';
  return who + (ifMatch ? tag[ifMatch] : '') + bodies;
}

const problemsOfBodies: readonly RefusalCode[] = [
  ...problemsOfTenants,
  'malformed_json',
  'malformed_encoding',
  'body_too_large',
  'unsupported_media_type',
];

const problemsOfKeys: readonly RefusalCode[] = [
  'invalid_header',
  'idempotency_key_in_flight',
  'idempotency_key_reused',
  'write_contention',
];

function problemsOf(options: CommandRouteOptions): RefusalCode[] {
  const { json, markdown, bodiless, ifMatch, creates, access, asks, keepsNoAnswer, alternative } = options;
  const commands = [...new Set([json, markdown, bodiless])].filter((command) => command !== undefined);
  return [
    ...problemsOfBodies,
    ...(asks ? [] : ['not_permitted' as const]),
    ...(asks || keepsNoAnswer ? [] : problemsOfKeys),
    ...(alternative ? ['not_acceptable' as const] : []),
    ...(access === 'operator' ? [] : ['not_found' as const]),
    ...((json ?? markdown) ? ['validation_failed' as const] : []),
    ...(ifMatch ? ['stale_version' as const] : []),
    ...(ifMatch === 'required' ? ['precondition_required' as const] : []),
    // What is new has nothing to be merged with, and is not locked; what is added to a spec can be.
    ...commands.flatMap(refusedBy).filter((code) => !creates?.id || !/^(?:merge_conflict|content_locked)$/.test(code)),
  ];
}

const bodies = new Map<string, ModelClass>();

/** The body class of a command: the command less what is said elsewhere, under a name of its own, made once. */
function bodyOf(command: ModelClass, without: readonly string[]): ModelClass {
  const name = `${command.name}Body`;
  const made = bodies.get(name) ?? OmitType(command, without as never[]);
  Object.defineProperty(made, 'name', { value: name });
  bodies.set(name, made);
  return made;
}
