import { describe, expect, test } from 'vitest';
import { extractSectionElements } from './elements.js';

const read = (body: string) =>
  extractSectionElements({ key: 'api-contracts', heading: 'API Contracts', source: `## API Contracts\n\n${body}` });
const contracts = (body: string) =>
  read(body).apiContracts.map(({ method, normalizedPath, form, request, response }) => [
    `${method} ${normalizedPath}`,
    form,
    request,
    response,
  ]);

describe('API contracts', () => {
  test('the bullets of the template: request and response follow the route', () => {
    expect(
      contracts('### Place\n- `POST /api/orders/:id`\n- Request: `{ n: 1 }`\n- Response: `{ ok: true }`\n'),
    ).toEqual([['POST /api/orders/{id}', 'bullet', '{ n: 1 }', '{ ok: true }']]);
  });

  test('headings with code blocks, lists and responses by status', () => {
    expect(
      contracts(
        '### 1. `GET /api/a` — all\n\n- Query:\n  - `page`\n  - `size`\n\nResponse `200`:\n\n```json\n{ "a": 1 }\n```\n',
      ),
    ).toEqual([['GET /api/a', 'heading', '- `page`\n  - `size`', '{ "a": 1 }']]);
  });

  test('tables with method and path in either order, or in one column', () => {
    expect(
      contracts(
        '| Path | Method | Body |\n|-|-|-|\n| `/api/a` | GET, POST | `{}` |\n\n| Endpoint | Change |\n|-|-|\n| `PUT /api/b` | none |\n',
      ),
    ).toEqual([
      ['GET /api/a', 'table', '{}', null],
      ['POST /api/a', 'table', '{}', null],
      ['PUT /api/b', 'table', null, null],
    ]);
  });

  test('bare methods after a route share its path in a bullet, a heading and a cell', () => {
    expect(
      contracts(
        '- `GET /api/a` · `POST`\n\n### `GET /api/b` / `PUT`\n\n| Route | Returns |\n|-|-|\n| `GET /api/c`, `DELETE` | all |\n',
      ),
    ).toEqual([
      ['GET /api/a', 'bullet', null, null],
      ['POST /api/a', 'bullet', null, null],
      ['GET /api/b', 'heading', null, null],
      ['PUT /api/b', 'heading', null, null],
      ['GET /api/c', 'table', null, 'all'],
      ['DELETE /api/c', 'table', null, 'all'],
    ]);
  });

  test('lines of code', () => {
    expect(
      contracts('```http\nGET  /api/a\n  body\n# DELETE /api/b\n```\n').map(([route, form]) => [route, form]),
    ).toEqual([
      ['GET /api/a', 'fence'],
      ['DELETE /api/b', 'fence'],
    ]);
  });

  test('a path as heading takes its methods from the heading or the exports of its code', () => {
    expect(
      contracts(
        '### `/api/a` (GET)\n\n### Route: `/api/b/[id]`\n\n```ts\nexport const { PUT, DELETE } = make()\nexport async function GET() {}\n```\n',
      ).map(([route]) => route),
    ).toEqual(['GET /api/a', 'PUT /api/b/{id}', 'DELETE /api/b/{id}', 'GET /api/b/{id}']);
  });

  test('the fuller of two mentions of a route stays', () => {
    expect(contracts('- `GET /api/a`\n\n### GET /api/a\n\nResponse: all\n\n- `GET /api/a?x=1`\n')).toEqual([
      ['GET /api/a', 'heading', null, 'all'],
    ]);
  });

  test('routes inside sentences are mentions, not contracts', () => {
    expect(
      contracts('- the form submits to `POST /api/a` when it is done\n\nNothing calls `GET /api/b` now.\n'),
    ).toEqual([]);
  });

  test('a method without a path is unread, under a heading with one path it is read', () => {
    expect(read('### GET — read it\n\n- `POST {something}`\n').unread.map((found) => found.kind)).toEqual([
      'apiContract',
      'apiContract',
    ]);
    expect(contracts('### Orders (`/api/orders`)\n\n#### GET\n').map(([route]) => route)).toEqual(['GET /api/orders']);
  });

  test('other sections give routes by heading only', () => {
    const source = '## Notes\n\n### `GET /api/a`\n\n- `POST /api/b`\n\n### See `GET /api/c`\n';
    const { apiContracts } = extractSectionElements({ key: 'notes', heading: 'Notes', source });
    expect(apiContracts.map((contract) => contract.path)).toEqual(['/api/a', '/api/b']);
  });
});
