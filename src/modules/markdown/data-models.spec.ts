import { describe, expect, test } from 'vitest';
import { extractSectionElements } from './elements.js';

const read = (body: string) =>
  extractSectionElements({ key: 'data-models', heading: 'Data Models', source: `## Data Models\n\n${body}` });
const models = (body: string) =>
  read(body).dataModels.map(({ name, form, fields }) => [name, form, fields.map((field) => field.name)]);

describe('data models', () => {
  test('bullets under a heading, but not those about indexes', () => {
    expect(
      models(
        '### Order (Singular)\nTable: `orders`\n\n- `id`: string (UUID)\n- `note`: text nullable\n\nIndexes:\n- `id`: unique\n',
      ),
    ).toEqual([['Order', 'bullets', ['id', 'note']]]);
  });

  test('tables with nullable, required and default columns', () => {
    const [model] = read(
      '### 2.1 `Order` Entity\n\n| Column | Type | Null | Default | Notes |\n|-|-|-|-|-|\n| `id` | uuid | no | | PK |\n| `n` | int | yes | 0 | count |\n',
    ).dataModels;
    expect(model).toMatchObject({ name: '`Order`'.replaceAll('`', ''), form: 'table', position: { line: 3 } });
    expect(model?.fields).toEqual([
      { name: 'id', type: 'uuid', nullable: false, description: 'PK', constraints: null },
      { name: 'n', type: 'int', nullable: true, description: 'count', constraints: 'DEFAULT 0' },
    ]);
  });

  test('a line before a block names it', () => {
    expect(
      models(
        '`orders` (add one column):\n\n| Column | Type |\n|-|-|\n| a | int |\n\n**`Item`** — a line of it\n\n- `id`: uuid\n',
      ),
    ).toEqual([
      ['orders', 'table', ['a']],
      ['Item', 'bullets', ['id']],
    ]);
    expect(models('### Order\n\n**`Item`** — a line\n\n- `id`: uuid\n\n```json\n{ "n": 1 }\n```\n')).toEqual([
      ['Item', 'bullets', ['id']],
      ['Order', 'json', ['n']],
    ]);
  });

  test('code of all kinds, placed on its own lines', () => {
    const { dataModels, unread } = read(
      '### Shapes\n\n```ts\ntype A = { a: string }\n\ninterface B { b: number }\n```\n\n```sql\nCREATE TABLE c (d int);\n```\n\n```json\n{ "e": 1 }\n```\n\n```ts\ninterface {{\n```\n',
    );
    expect(dataModels.map(({ name, form, position }) => [name, form, position.line, position.endLine])).toEqual([
      ['A', 'typescript', 6, 6],
      ['B', 'typescript', 8, 8],
      ['c', 'sql', 12, 12],
      ['Shapes', 'json', 3, 17],
    ]);
    expect(unread.map(({ kind, position }) => [kind, position.line])).toEqual([['dataModel', 19]]);
  });

  test('names without fields', () => {
    expect(models('### Entities\n- `Order`\n- `Item` (later)\n')).toEqual([
      ['Order', 'bullets', []],
      ['Item', 'bullets', []],
    ]);
  });

  test('fields nested below a label, and tables that are no model', () => {
    expect(models('### Order\n\n- Fields:\n  - `id`: uuid\n\n| Index | Columns |\n|-|-|\n| a | b |\n')).toEqual([
      ['Order', 'bullets', ['id']],
    ]);
  });
});
