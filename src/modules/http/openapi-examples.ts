import type { Schema, Schemas } from './openapi-schemas.js';
import { resolve } from './openapi-schemas.js';

const someTime = '2026-11-23T12:00:00.000Z';

/**
 * An example of a schema, put together from the examples of its members: those that are required, and the optional ones
 * that have an example of their own. Of some words the first is one.
 * @throws where a member that needs an example has none
 */
export function exampleOf(schema: Schema, schemas: Schemas, path = ''): unknown {
  if (schema.example !== undefined) return schema.example;
  const { type, format, properties, required = [], items, enum: words } = resolve(schema, schemas);
  if (properties) {
    const shown = Object.entries(properties).filter(
      ([name, member]) => required.includes(name) || member.example !== undefined,
    );
    return Object.fromEntries(
      shown.map(([name, member]) => [name, exampleOf(member, schemas, `${path}/${name}`)] as const),
    );
  }
  if (words) return words[0];
  if (items) return [exampleOf(items, schemas, `${path}/0`)];
  if (Array.isArray(type) && type.includes('null')) return null;
  if (format === 'date-time') return someTime;
  throw new Error(`the schema at ${path} has no example`);
}

/** The Markdown of the same thing that a JSON example shows: a section's body, or a spec's preamble and sections. */
export function markdownExample(example: unknown): string {
  const { body, preamble, sections } = example as Text & { preamble?: string; sections?: Text[] };
  if (body !== undefined) return body;
  return (preamble ?? '') + (sections ?? []).map((one) => `## ${one.heading}\n${one.body ?? ''}`).join('');
}

type Text = { heading?: string; body?: string };
