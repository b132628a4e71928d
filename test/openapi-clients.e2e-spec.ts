import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

type Schema = { type?: string | string[]; anyOf?: Schema[]; $ref?: string };
type Tagged = { tags: string[] };

const document = JSON.parse(readFileSync(new URL('../openapi/openapi.json', import.meta.url), 'utf8')) as {
  paths: Record<string, Record<string, Tagged>>;
  webhooks: Record<string, { post: Tagged }>;
  tags: { name: string }[];
};

/** Every place in the document where a schema says it in a way that is looked for. */
function placesOf(isSo: (schema: Schema) => boolean, value: unknown = document, place = ''): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const deeper = Object.entries(value).flatMap(([name, member]) => placesOf(isSo, member, `${place}/${name}`));
  return isSo(value) ? [place, ...deeper] : deeper;
}

// Valid either way; but with these openapi-generator made a Go client that did not compile, and no Python one at all.
describe('generators of clients can read the OpenAPI document:', () => {
  test('where a value can be null, the type that it has otherwise comes first', () => {
    expect(placesOf(({ type }) => Array.isArray(type) && type[0] === 'null')).toEqual([]);
  });

  test('what can be null and is described in place is one schema', () => {
    const isChoice = ({ anyOf }: Schema) =>
      Array.isArray(anyOf) && anyOf.some(({ type }) => type === 'null') && !anyOf.some(({ $ref }) => $ref);
    expect(placesOf(isChoice)).toEqual([]);
  });

  test('messages of webhooks are no operations of the API, and have a tag of their own', () => {
    const ofOperations = Object.values(document.paths).flatMap((item) =>
      Object.values(item).flatMap(({ tags }) => tags),
    );
    const ofMessages = new Set(Object.values(document.webhooks).flatMap(({ post }) => post.tags));
    expect([...ofMessages].filter((tag) => ofOperations.includes(tag))).toEqual([]);
    expect(document.tags.map(({ name }) => name)).toEqual(expect.arrayContaining([...ofMessages]));
  });
});
