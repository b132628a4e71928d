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
  if ('anyOf' in shape && Array.isArray(shape.anyOf)) return { anyOf: (shape.anyOf as readonly Shape[]).map(schemaOf) };
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

function schemaOfWords(words: readonly string[]): JsonSchema {
  const isLiteral = (word: string) => /^(["\d-]|true$|false$)/.test(word);
  const literals = words.filter(isLiteral).map((word): unknown => JSON.parse(word));
  const types = words.filter((word) => !isLiteral(word));
  if (literals.length === 0) return { type: types.length === 1 ? types[0] : types };
  const [type] = types;
  if (type === undefined) return literals.length === 1 ? { const: literals[0] } : { enum: literals };
  if (types.length === 1 && type === 'null') return { enum: [...literals, null] };
  return { anyOf: [{ enum: literals }, { type: types }] };
}
