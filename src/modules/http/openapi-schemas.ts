import { bounds } from '../../commands/bounds.js';

/** A JSON schema of the document, as far as it is completed here. */
export type Schema = {
  $ref?: string;
  type?: string | string[];
  format?: string;
  contentMediaType?: string;
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean;
  items?: Schema;
  allOf?: Schema[];
  oneOf?: Schema[];
  enum?: unknown[];
  example?: unknown;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  minimum?: number;
  maximum?: number;
};

export type Schemas = Record<string, Schema>;

export const refTo = (name: string): { $ref: string } => ({ $ref: `#/components/schemas/${name}` });

/** The schema itself or the one that it refers to. */
export const resolve = (schema: Schema, schemas: Schemas): Schema =>
  schema.$ref ? (schemas[schema.$ref.replace('#/components/schemas/', '')] ?? {}) : schema;

const formats: Record<string, number> = { uuid: 36, 'date-time': 35, date: 10 };

/**
 * Completes a schema in place, and what is inside it: references stand beside their description instead of in an
 * `allOf` (OpenAPI 3.1), every string, list and number has a bound. Nothing in an answer is longer than a document, of
 * which everything in it is a part.
 */
export function complete(schema: Schema): void {
  const [only, ...others] = schema.allOf ?? [];
  if (only?.$ref && others.length === 0) {
    delete schema.allOf;
    schema.$ref = only.$ref;
  }
  const types = [schema.type ?? []].flat();
  // What may be of any type is an object to the swagger module.
  if (schema.type === 'object' && !schema.properties && schema.additionalProperties === undefined) delete schema.type;
  if (types.includes('string') && !schema.enum)
    schema.maxLength ??= formats[schema.format ?? ''] ?? bounds.documentBytes;
  if (types.includes('array')) schema.maxItems ??= bounds.documentBytes;
  if (types.includes('integer')) {
    schema.minimum ??= 0;
    schema.maximum ??= Number.MAX_SAFE_INTEGER;
  }
  for (const inner of [...Object.values(schema.properties ?? {}), ...(schema.oneOf ?? [])]) complete(inner);
  if (schema.items) complete(schema.items);
}

/** A request body takes the members that it names and no others, at any depth. */
export function close(schema: Schema, schemas: Schemas): void {
  const target = resolve(schema, schemas);
  if (target.properties) target.additionalProperties = false;
  for (const inner of Object.values(target.properties ?? {})) close(inner, schemas);
  for (const inner of [target.items, ...(target.oneOf ?? [])]) if (inner) close(inner, schemas);
}
