import { readFileSync } from 'node:fs';
import type { ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { Response } from 'supertest';
import { expect } from 'vitest';

type Media = { schema: object; example?: unknown; examples?: Record<string, { $ref: string }> };
type Parameter = { name: string; in: string; required: boolean; example?: unknown; schema: { example?: unknown } };
type Answer = { description: string; headers: Record<string, object>; content?: Record<string, Media> };
export type DocumentedOperation = {
  tags: [string];
  operationId: string;
  summary?: string;
  description?: string;
  parameters: Parameter[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, Answer>;
  security?: Record<string, []>[];
};
export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
type Document = {
  tags: { name: string }[];
  paths: Record<string, Record<Method, DocumentedOperation>>;
  components: {
    examples: Record<string, { value: object }>;
    schemas: Record<string, { properties?: object } | undefined>;
  };
};

/** An operation and where it is. */
export type Placed = { path: string; method: Method; operation: DocumentedOperation };

const text = readFileSync(new URL('../../openapi/openapi.json', import.meta.url), 'utf8');
/** The OpenAPI document as it is committed. */
export const document = JSON.parse(text) as Document;
/** Each operation by its name. */
export const documentedOperations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]): [string, Placed] => [
    operation.operationId,
    { path, method: method as Method, operation },
  ]),
);

const ajv = new Ajv2020({ strict: false });
(formats as unknown as (validator: Ajv2020) => void)(ajv);
// An answer with a member that is not described is one that nobody was told of: here, unlike for clients, it is wrong.
const closed = JSON.parse(text, (_, value: unknown) =>
  isSchemaOfMembers(value) ? { additionalProperties: false, ...value } : value,
) as object;
ajv.addSchema(closed, 'openapi');
const compiled = new Map<string, ValidateFunction>();

/** What is wrong with a value by its schema in the document; nothing where it fits. */
export function faults(schema: object, value: unknown): unknown {
  const key = JSON.stringify(schema).replaceAll('"#/', '"openapi#/');
  const validate = compiled.get(key) ?? ajv.compile(JSON.parse(key) as object);
  compiled.set(key, validate);
  return validate(value) ? undefined : validate.errors;
}

function isSchemaOfMembers(value: unknown): value is object {
  return (
    typeof value === 'object' && value !== null && 'type' in value && value.type === 'object' && 'properties' in value
  );
}

/** Fails where an answer has a status, a body or a header that the document does not tell of. */
export function expectDocumented(operation: DocumentedOperation, answer: Response): void {
  const documented = operation.responses[answer.status];
  expect(documented, `${answer.status} ${answer.text}`).toBeDefined();
  const mediaType = answer.headers['content-type']?.split(';')[0];
  if (answer.status === 304) return;
  const media = documented?.content?.[mediaType ?? ''];
  expect(media, mediaType).toBeDefined();
  expect(
    faults(media?.schema ?? {}, /[/+]json$/.test(mediaType ?? '') ? JSON.parse(answer.text) : answer.text),
  ).toBeUndefined();
  // Problems name each of the codes that the operation answers.
  if (media?.examples) expect(Object.keys(media.examples)).toContain((answer.body as { code: string }).code);
  for (const name of ['etag', 'location', 'retry-after', 'repr-digest', 'idempotency-replayed', 'www-authenticate']) {
    const names = Object.keys(documented?.headers ?? {}).map((one) => one.toLowerCase());
    if (answer.headers[name] !== undefined) expect(names).toContain(name);
  }
}
