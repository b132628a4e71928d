import type { RefusalCode } from '../../commands/refusals.js';

export type ModelClass = new () => object;

/** The headers of answers, described once for all operations (openapi-headers.ts). */
export type AnswerHeader =
  | 'Accept-Ranges'
  | 'Content-Disposition'
  | 'Content-Range'
  | 'ETag'
  | 'Location'
  | 'Idempotency-Replayed'
  | 'Preference-Applied'
  | 'RateLimit'
  | 'RateLimit-Policy'
  | 'Repr-Digest'
  | 'Retry-After'
  | 'WWW-Authenticate'
  | 'X-Request-Id';

/** A form of an answer beside JSON, with an example of it: a text, or JSON of another shape. */
export type AnswerForm = { mediaType: string; description: string; example: object | string };

/** Markdown that is not the document of a spec. */
export type MarkdownForm = { description: string; example: string };

/** What @nestjs/swagger cannot be told by decorators, and openapi.ts adds to an operation. */
export type OperationNotes = {
  /** The class of a JSON body. */
  json?: ModelClass;
  /** It may be left out. */
  bodyIsOptional?: boolean;
  /** The class whose member `markdown` is the whole body. */
  markdown?: ModelClass;
  /** The class that says what stands in the query, and which of its members do: all of them by default. */
  query?: { type: ModelClass; names?: readonly string[] };
  /** A successful answer can also be had as Markdown. */
  answersMarkdown?: true | MarkdownForm;
  /** A successful answer can also be had in this form. */
  alternative?: AnswerForm;
  /** A successful answer can also be had as these kinds of picture. */
  answersPictures?: readonly { mediaType: string; description: string; example: string }[];
  /** Parts of it can be had. */
  inParts?: boolean;
  /** It takes Prefer: wait. */
  honoursWait?: boolean;
  /** The headers of a successful answer, besides X-Request-Id. */
  headers: readonly AnswerHeader[];
  /** Every way in which the operation says no. */
  problems: readonly RefusalCode[];
};

/** By operationId. */
export const operationNotes = new Map<string, OperationNotes>();

/** What any operation can answer, whoever asks and for whatever. */
export const problemsOfAll = [
  'forbidden_character',
  'invalid_request',
  'request_timeout',
  'headers_too_large',
  'internal_error',
  'unavailable',
] as const;

/** What any operation with a key can answer. */
export const problemsOfTenants = [
  ...problemsOfAll,
  'unknown_query_parameter',
  'unauthenticated',
  'rate_limited',
] as const;
