import type { Shape } from './event-shapes.js';

/** JSON Schema, as much of it as events need. */
export type JsonSchema = { readonly [keyword: string]: unknown };

const personal = ' (personal)';

/**
 * The JSON Schema of a shape. Members that it does not name are allowed: events are changed by adding, and whoever reads
 * them is to pass over what they do not know.
 */
export function schemaOf(shape: Shape): JsonSchema {
  if (typeof shape === 'string') return schemaOfWords(shape.split(' | '));
  if (Array.isArray(shape)) return { type: 'array', items: schemaOf((shape as readonly [Shape])[0]) };
  if ('anyOf' in shape && Array.isArray(shape.anyOf))
    return schemaOfEither((shape.anyOf as readonly Shape[]).map(schemaOf));
  const properties: Record<string, JsonSchema> = {};
  const required: string[] = [];
  let others: JsonSchema | undefined;
  for (const [label, member] of Object.entries(shape as Record<string, Shape>)) {
    const name = label.replace(personal, '').replace(/\?$/, '');
    if (name.startsWith('[')) others = schemaOf(member);
    else properties[name] = label.endsWith(personal) ? { ...schemaOf(member), description: token } : schemaOf(member);
    if (!name.startsWith('[') && !label.replace(personal, '').endsWith('?')) required.push(name);
  }
  return {
    type: 'object',
    properties,
    ...(required.length > 0 ? { required } : {}),
    ...(others ? { additionalProperties: others } : {}),
  };
}

const token = 'Names a person, and is a token here: docs/kafka.md, "Personal data".';

/** One of several. What is one thing or null is told as that thing: generators of clients know no type that is only null. */
function schemaOfEither(schemas: readonly JsonSchema[]): JsonSchema {
  const [schema, other] = schemas;
  const isOrNull = schemas.length === 2 && other?.type === 'null' && typeof schema?.type === 'string';
  return isOrNull ? { ...schema, type: [schema.type, 'null'] } : { anyOf: schemas };
}

function schemaOfWords(words: readonly string[]): JsonSchema {
  const isLiteral = (word: string) => /^(["\d-]|true$|false$)/.test(word);
  const literals = words.filter(isLiteral).map((word): unknown => JSON.parse(word));
  // Null comes last: generators of clients take the first of several types for the one that it is.
  const isNull = (word: string) => word === 'null';
  const types = [...words.filter((word) => !isLiteral(word) && !isNull(word)), ...words.filter(isNull)];
  if (literals.length === 0) return { type: types.length === 1 ? types[0] : types };
  const [type] = types;
  if (type === undefined) return literals.length === 1 ? { const: literals[0] } : { enum: literals };
  if (types.length === 1 && type === 'null') return { enum: [...literals, null] };
  return { anyOf: [{ enum: literals }, { type: types }] };
}
