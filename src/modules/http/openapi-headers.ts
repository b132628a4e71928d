import type { AnswerHeader } from './operation-notes.js';

type Header = { description: string; schema: object; example?: string | number };

const someId = '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b99';

/** `components.headers`: every header of an answer that a client may use. */
export const answerHeaders: Record<AnswerHeader, Header> = {
  'Accept-Ranges': {
    description: 'That parts of it can be had.',
    schema: { type: 'string', enum: ['bytes'] },
  },
  'Content-Disposition': {
    description: 'What to call the file.',
    schema: { type: 'string', pattern: '^attachment; filename="[a-z0-9.-]+"$', maxLength: 100 },
    example: 'attachment; filename="audit-01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0d11.ndjson"',
  },
  'Content-Range': {
    description: 'Which part of how much it is; of how much there is none, with 416.',
    schema: { type: 'string', pattern: '^bytes (?:[0-9]+-[0-9]+|\\*)/[0-9]+$', maxLength: 60 },
    example: 'bytes 0-499/1234',
  },
  ETag: {
    description:
      'The version of what was addressed, or the SHA-256 of a file, for If-Match, If-None-Match and If-Range.',
    schema: { type: 'string', pattern: '^"(?:[0-9]{1,15}|[0-9a-f]{64})"$', maxLength: 66 },
    example: '"7"',
  },
  Location: {
    description: 'Where the new resource is read.',
    schema: { type: 'string', format: 'uri-reference', maxLength: 300 },
    example: '/v1/organizations/01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b01/specs/01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11',
  },
  'Idempotency-Replayed': {
    description: 'Present where this is the first answer to the Idempotency-Key again.',
    schema: { type: 'string', enum: ['true'] },
  },
  'Preference-Applied': {
    description: 'Present where the answer holds all that was written before the request (RFC 7240).',
    schema: { type: 'string', pattern: '^wait=[0-9]{1,2}$', maxLength: 7 },
    example: 'wait=5',
  },
  RateLimit: {
    description: 'How many requests the key has left, and in how many seconds it has all again. Where a limit is set.',
    schema: { type: 'string', pattern: '^"key";r=[0-9]+;t=[0-9]+$', maxLength: 40 },
    example: '"key";r=599;t=60',
  },
  'RateLimit-Policy': {
    description: 'How many requests a key may send in how many seconds (draft-ietf-httpapi-ratelimit-headers).',
    schema: { type: 'string', pattern: '^"key";q=[0-9]+;w=[0-9]+$', maxLength: 40 },
    example: '"key";q=600;w=60',
  },
  'Repr-Digest': {
    description: 'The SHA-256 of the whole Markdown or file (RFC 9530). Not with JSON.',
    schema: { type: 'string', pattern: '^sha-256=:[A-Za-z0-9+/]{43}=:$', maxLength: 54 },
    example: 'sha-256=:n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=:',
  },
  'Retry-After': {
    description: 'Seconds after which it is worth another try, where waiting helps.',
    schema: { type: 'integer', minimum: 1, maximum: 3600 },
    example: 1,
  },
  'WWW-Authenticate': {
    description: 'How to authenticate (RFC 9110, section 11.6.1).',
    schema: { type: 'string', maxLength: 100 },
    example: 'Bearer realm="specline"',
  },
  'X-Request-Id': {
    description: 'Names the request in the log and in the events it caused: the one that was sent, or a new one.',
    schema: { type: 'string', pattern: '^[\\w.:-]{1,100}$', maxLength: 100 },
    example: someId,
  },
};

/** References to headers, for a response. */
export const headersOf = (names: readonly AnswerHeader[]): Record<string, object> =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
