import { expect, test } from 'vitest';
import { extractSectionElements } from './elements.js';

const read = (code: string, language = '') =>
  extractSectionElements({
    key: 'data-models',
    heading: 'Data Models',
    source: `## Data Models\n\n### Door\n\n\`\`\`${language}\n${code}\n\`\`\`\n`,
  });
const models = (code: string) =>
  read(code).dataModels.map(({ name, form, fields }) => [
    name,
    form,
    fields.map((field) => [field.name, field.type, field.nullable]),
  ]);
const fields = [
  ['id', 'uuid', false],
  ['price', 'numeric(10,2)', true],
];

test.each([
  ['columns below the heading that names them', 'id  uuid  primary key\nprice  numeric(10,2)  nullable', 'Door'],
  [
    'a table without its CREATE',
    'doors (\n  id uuid PRIMARY KEY, -- ours\n  price numeric(10,2) null,\n  unique (id)\n);',
    'doors',
  ],
  ['bullets below a name', 'Table: doors\n- id    uuid not null\n- price numeric(10,2) null -- in cents', 'doors'],
])('reads %s', (_form, code, name) => {
  expect(models(code)).toEqual([[name, 'sql', fields]]);
  expect(read(code).unread).toEqual([]);
});

test.each(['text', 'Plaintext', 'txt', 'text title=door'])('a code block marked %j has no language', (language) => {
  const { dataModels, unread } = read('id  uuid  primary key\nprice  numeric(10,2)  nullable', language);
  expect(dataModels).toMatchObject([{ name: 'Door', form: 'sql', fields: [{ name: 'id' }, { name: 'price' }] }]);
  expect(unread).toEqual([]);
  expect(read('id uuid primary key\nprice numeric for now', language).unread).toMatchObject([{ kind: 'dataModel' }]);
});

test('a list with a line that is none of it is unread, at its place', () => {
  const { dataModels, unread } = read('id uuid primary key\nprice numeric for now\nand so on');
  expect(dataModels).toEqual([]);
  expect(unread).toMatchObject([{ kind: 'dataModel', position: { line: 5, endLine: 9 } }]);
});

test.each(['open\n  → locked (text)\n  → shut', '.door/key.json', 'id: string\nprice: number', ''])(
  'other text in a code block is no list of columns: %j',
  (code) => {
    expect(read(code)).toMatchObject({ dataModels: [], unread: [] });
  },
);

test('code of another language is no list of columns', () => {
  expect(read('id uuid\nprice text', 'yaml')).toMatchObject({ dataModels: [], unread: [] });
});
