import type { ExecutionContext } from '@nestjs/common';
import { applyDecorators, createParamDecorator, Get } from '@nestjs/common';
import { ApiExtraModels, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { validate as isUuid } from 'uuid';
import type { RefusalCode } from '../../commands/refusals.js';
import { Refusal } from '../../commands/refusals.js';
import { Requires } from '../auth/access.js';
import type { AuthenticatedRequest, Principal, Role } from '../auth/principal.js';
import type { AnswerForm, MarkdownForm } from './operation-notes.js';
import { operationNotes, problemsOfTenants } from './operation-notes.js';
import { HonoursWait } from './preference.js';
import { RouteNote } from './route-note.js';
import { validated } from './validation.js';

/** A read: what it takes from the query, and what it gives. */
export type QueryRouteOptions = {
  summary: string;
  operationId: string;
  tag: string;
  query?: new () => object;
  view?: new () => object;
  /** Instead of a view: it is a file, streamed. */
  file?: AnswerFile;
  /** Or a file of one of these kinds, parts of which can be had, with the SHA-256 of the whole as its ETag. */
  files?: readonly AnswerFile[];
  /** It can also be read as Markdown: the document itself, or what is described. */
  markdown?: true | MarkdownForm;
  /** It can also be read in this form. */
  alternative?: AnswerForm;
  /** It can also be had as these kinds of picture. */
  pictures?: readonly { mediaType: string; description: string; example: string }[];
  /** It carries an ETag, and answers 304 to If-None-Match. */
  etag?: boolean;
  /** Who may: any key of the organization by default. */
  access?: Role | 'operator' | 'share';
  /** That it was read stands in the audit trail, under this name. */
  audited?: string;
  /** The subscription that fills what is read: a caller may prefer to wait for it. */
  waitsFor?: string;
  /** What else it answers when it does not. */
  problems?: readonly RefusalCode[];
};

/** A file; of bytes that are no text there is no example. */
type AnswerFile = { mediaType: string; description: string; example?: string };

const queryRoutes = new RouteNote<QueryRouteOptions>();

/** A GET route and its entry in the OpenAPI document. */
export function QueryRoute(path: string, options: QueryRouteOptions): MethodDecorator {
  const {
    summary,
    operationId,
    tag,
    query,
    view,
    file,
    markdown,
    alternative,
    etag,
    access = 'reader',
    waitsFor,
  } = options;
  const { pictures, files, problems = [] } = options;
  operationNotes.set(operationId, {
    ...(query && { query: { type: query } }),
    answersMarkdown: markdown,
    ...(alternative && { alternative }),
    ...(pictures && { answersPictures: pictures }),
    honoursWait: waitsFor !== undefined,
    inParts: files !== undefined,
    headers: [
      ...((etag ?? files) ? (['ETag'] as const) : []),
      ...((markdown ?? files) ? (['Repr-Digest'] as const) : []),
      ...(files ? (['Accept-Ranges', 'Content-Disposition'] as const) : []),
      ...(waitsFor ? (['Preference-Applied'] as const) : []),
    ],
    problems: [
      ...problemsOfTenants,
      ...((access === 'operator' || access === 'share') && !path.includes(':') ? [] : ['not_found' as const]),
      ...(access === 'reader' || access === 'share' ? [] : ['not_permitted' as const]),
      ...((etag ?? alternative ?? pictures) ? ['not_acceptable' as const] : []),
      ...(files ? (['range_not_satisfiable'] as const) : []),
      ...problems,
    ],
  });
  return applyDecorators(
    Get(path),
    Requires(access),
    queryRoutes.on(options),
    ApiTags(tag),
    ApiOperation({
      operationId,
      summary,
      ...whoMay(access),
    }),
    ...(waitsFor ? [HonoursWait(waitsFor)] : []),
    ...(query ? [ApiExtraModels(query)] : []),
    ...(files ? [filesResponse(200, files, 'The whole file.'), filesResponse(206, files, 'The part of it.')] : []),
    ...(file ? [fileResponse(file)] : []),
    ...(view ? [ApiResponse({ status: 200, description: 'What was asked for.', type: view })] : []),
    ...((etag ?? files) ? [ApiResponse({ status: 304, description: 'Nothing changed since If-None-Match.' })] : []),
  );
}

const whoMay = (
  access: NonNullable<QueryRouteOptions['access']>,
): { description: string; security?: Record<string, []>[] } => {
  if (access === 'operator') return { description: 'Needs the operator key.', security: [{ operatorKey: [] }] };
  if (access === 'share') return { description: 'Needs the token of a share link.', security: [{ shareToken: [] }] };
  return { description: `Needs a key with the role \`${access}\`.` };
};

/** Bytes have no type (OpenAPI 3.1, section 4.8.14.3). */
const filesResponse = (status: number, files: readonly AnswerFile[], description: string): MethodDecorator =>
  ApiResponse({
    status,
    description,
    content: Object.fromEntries(
      files.map(({ mediaType, description: what, example = '' }) => {
        const schema = { description: what, contentMediaType: mediaType };
        return [mediaType, { schema, example }];
      }),
    ),
  });

const fileResponse = ({ mediaType, description, example }: AnswerFile): MethodDecorator => {
  const schema = { type: 'string', maxLength: Number.MAX_SAFE_INTEGER };
  return ApiResponse({ status: 200, description, content: { [mediaType]: { schema, example } } });
};

/** What a read asks for, validated: the organization of the caller, the ids in the path, the parameters. */
export type Ask<Query extends object = object> = {
  organizationId: string;
  /** Who asks; nobody of an organization where the operator asks. */
  principal?: Principal;
  path: Record<string, string>;
  query: Query;
  headers: { accept?: string; ifNoneMatch?: string; range?: string; ifRange?: string };
};

export const Asked = createParamDecorator((_: unknown, context: ExecutionContext): Ask => {
  const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
  const { query, audited } = queryRoutes.of(context);
  if (audited !== undefined) request.audited = audited;
  const { organizationId: _organization, ...path } = request.params as Record<string, string>;
  for (const [name, value] of Object.entries(path)) {
    if (name.endsWith('Id') && !isUuid(value)) throw new Refusal('invalid_request', `${name} must be a UUID.`);
  }
  return {
    organizationId: request.principal?.organizationId ?? '',
    principal: request.principal,
    path,
    query: isEmpty(request.query)
      ? new (query ?? NoQuery)()
      : validated(query ?? NoQuery, request.query as object, 'query'),
    headers: {
      accept: request.headers.accept,
      ifNoneMatch: request.headers['if-none-match'],
      // Only GET knows ranges (RFC 9110, section 14.2).
      range: request.method === 'GET' ? request.headers.range : undefined,
      ifRange: request.headers['if-range']?.toString(),
    },
  };
});

class NoQuery {}

/** No parameter is required anywhere, so nothing to validate. */
const isEmpty = (query: unknown): boolean => Object.keys(query as object).length === 0;
