import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { methodsOf, normalizePath, pathOf, routesIn } from './routes.js';

const routes = (line: string) => routesIn(line).routes.map(({ method, path }) => `${method} ${path}`);

describe('routesIn', () => {
  test.each([
    ['`GET /api/x`', ['GET /api/x']],
    ['**POST `/api/x`**', ['POST /api/x']],
    ['**PUT /api/x**', ['PUT /api/x']],
    ['`GET|POST /api/x`', ['GET /api/x', 'POST /api/x']],
    ['GET/PUT/DELETE /api/x/:id', ['GET /api/x/:id', 'PUT /api/x/:id', 'DELETE /api/x/:id']],
    ['`POST` / `PUT` / `DELETE /api/x`', ['POST /api/x', 'PUT /api/x', 'DELETE /api/x']],
    ['GET and POST /a', ['GET /a', 'POST /a']],
    ['`GET /a`, `/b`', ['GET /a', 'GET /b']],
    ['`GET, POST /api/x`', ['GET /api/x', 'POST /api/x']],
    ['`GET` · `POST /api/x`', ['GET /api/x', 'POST /api/x']],
    ['`GET /a` · `POST` · `PUT`', ['GET /a', 'POST /a', 'PUT /a']],
    ['**`GET /a/:id`**, `PUT`/`DELETE` — needs a key', ['GET /a/:id', 'PUT /a/:id', 'DELETE /a/:id']],
    ['`GET /a` | `POST|PUT`', ['GET /a', 'POST /a', 'PUT /a']],
    ['GET /a · POST (one door)', ['GET /a', 'POST /a']],
    ['`GET /a` · `POST`; `GET /b` / `PATCH`', ['GET /a', 'POST /a', 'GET /b', 'PATCH /b']],
    ['`GET /a`, `PUT` / `DELETE /b`', ['GET /a', 'PUT /b', 'DELETE /b']],
    ['`GET /a`, `/b` · `POST`', ['GET /a', 'GET /b']],
    ['`GET /a` and never a `POST`', ['GET /a']],
    ['GET /a, POST it on', ['GET /a']],
    ['`GET /a` · `POSTER`', ['GET /a']],
    ['see `GET /a`; then `POST /b`.', ['GET /a', 'POST /b']],
    ['GET https://example.test/a', []],
    ['FORGET /a', []],
    ['GET the list', []],
  ])('%j names %j', (line, expected) => {
    expect(routes(line)).toEqual(expected);
  });

  test('takes any line', () => {
    const words = fc.constantFrom('GET', 'POST', '|', '/', ' ', '`', '/a', ':id', '{b}', ',', '*', 'and', '(', ')');
    fc.assert(
      fc.property(fc.array(words, { maxLength: 30 }), (line) => {
        for (const route of routesIn(line.join('')).routes) expect(route.path).toMatch(/^\/./);
      }),
    );
  });
});

test.each([
  ['/a/:id', '/a/{id}'],
  ['/a/{id}/b/', '/a/{id}/b'],
  ['/a/[id]', '/a/{id}'],
  ['/a/[...slug]', '/a/{slug}'],
  ['/a/[[...slug]]', '/a/{slug}'],
  ['/a/<id>?x=1#y', '/a/{id}'],
  ['/a/${id}', '/a/{id}'],
  ['/', '/'],
])('path %j is normalized to %j', (path, normalized) => {
  expect(normalizePath(path)).toBe(normalized);
});

test('methodsOf takes lists of methods and nothing else', () => {
  expect(methodsOf('GET, POST')).toEqual(['GET', 'POST']);
  expect(methodsOf('GET or so')).toEqual([]);
});

test('pathOf takes a path and no file or sentence', () => {
  expect(pathOf('/api/x ')).toBe('/api/x');
  expect(pathOf('api/x')).toBeNull();
  expect(pathOf('/')).toBeNull();
});
