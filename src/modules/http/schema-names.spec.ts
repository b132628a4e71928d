import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** The classes that the OpenAPI document may take for a schema, by the name that it gives them. */
function schemaNames(): { name: string; file: string }[] {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.(?:view|commands)\.ts$/.test(file),
  );
  return files.flatMap((file) =>
    [
      ...readFileSync(join('src', file), 'utf8').matchAll(
        /(?:@ApiSchema\(\{ name: '(\w+)' \}\)\s+)?(?:export )?(?:abstract )?class (\w+)/g,
      ),
    ].map(([, given, name = '']) => ({ name: given ?? name, file })),
  );
}

test('no two classes describe themselves under one name: the document would keep one of them', () => {
  const names = schemaNames();
  expect(names.length).toBeGreaterThan(100);
  const twice = names.filter(({ name }, at) => names.findIndex((one) => one.name === name) !== at);
  expect(twice).toEqual([]);
});
