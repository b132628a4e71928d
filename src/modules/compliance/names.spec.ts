import { describe, expect, test } from 'vitest';
import { nameKey, namingProblems, singular } from './names.js';
import { isHeadedAlike, isNamedAlike, isWrite, mentionsIn, mentionsRoute, namesInPath } from './routes-and-names.js';

describe('A word in the singular', () => {
  test.each([
    ['orders', 'order'],
    ['categories', 'category'],
    ['batches', 'batch'],
    ['boxes', 'box'],
    ['addresses', 'address'],
    ['status', 'status'],
    ['analysis', 'analysis'],
    ['sales', 'sales'],
    ['asn', 'asn'],
  ])('%s is %s', (word, one) => {
    expect(singular(word)).toBe(one);
  });
  test('names of one thing have one key, however they are written', () => {
    for (const name of ['AsnLine', 'asn_line', 'asn-lines', 'ASN lines', 'ASNLine'])
      expect(nameKey(name)).toBe('asn line');
  });
});

describe('The name of a command or event', () => {
  test.each(['wms.asn.receive', 'sales.order_line.mark_sent', 'wms.address.create', 'ai_assistant.message.append'])(
    '%s is a command',
    (name) => {
      expect(namingProblems(name, 'command')).toEqual([]);
    },
  );
  test.each([
    'wms.asn.received',
    'wms.asn.receiving_started',
    'sales.order.sent',
    'wms.inventory.receipt_qc_failed',
    'a.b.opted_out',
    'a.b.timed_out',
  ])('%s is an event', (name) => {
    expect(namingProblems(name, 'event')).toEqual([]);
  });
  test.each([
    ['wms.receive', 'command', 1],
    ['receiveAsn', 'command', 2],
    ['wms.asn.line.receive', 'command', 1],
    ['wms.asns.receive', 'command', 1],
    ['wms.asn.reCeive', 'command', 1],
    ['wms.asn-line.received', 'event', 1],
    ['wms.asn.receive', 'event', 1],
    ['wms.inventory.low_stock', 'event', 1],
    ['wms.asn.need', 'event', 1],
    ['wms.asns.expiring_soon', 'event', 2],
  ] as const)('%s as %s has %i problems', (name, kind, problems) => {
    expect(namingProblems(name, kind)).toHaveLength(problems);
  });
});

const route = (text: string) => {
  const [method = '', path = ''] = text.split(' ');
  return { method, path };
};

describe('A route and a command are the same words', () => {
  test.each([
    ['POST /api/wms/asns', 'wms.asn.create'],
    ['POST /api/wms/asns', 'createAsn'],
    ['PUT /api/wms/putaway-tasks/{id}', 'updatePutawayTask'],
    ['PATCH /api/x/conversations/{id}', 'ai.conversation.update'],
    ['DELETE /api/x/documents/{id}', 'document_parser.documents.delete'],
    ['POST /api/wms/asns/{id}/receive', 'wms.asn.receive'],
    ['PUT /api/x/bindings', 'x.binding.update'],
  ])('%s is %s', (one, command) => {
    expect(isNamedAlike(route(one), command)).toBe(true);
  });
  test.each([
    ['POST /api/wms/asns', 'wms.asn.update'],
    ['POST /api/wms/asns/{id}/receive', 'wms.asn.create'],
    ['POST /api/wms/asns/{id}/receive', 'receiveAsnLine'],
    ['DELETE /api/wms/asns/{id}', 'wms.asn_line.delete'],
    ['POST /api/wms/asn-lines', 'wms.line.create'],
  ])('%s is not %s', (one, command) => {
    expect(isNamedAlike(route(one), command)).toBe(false);
  });
  test('also by the heading over the route', () => {
    expect(isHeadedAlike('4.1 Receive ASN line', 'receiveAsnLine')).toBe(true);
    expect(isHeadedAlike('Create putaway task manually', 'createPutawayTask')).toBe(true);
    expect(isHeadedAlike('Complete ASN', 'closeAsn')).toBe(false);
    expect(isHeadedAlike('Create', 'create')).toBe(false);
  });
});

describe('What a route does', () => {
  test.each([
    'POST /api/x',
    'PUT /api/x/{id}',
    'PATCH /api/x/{id}',
    'DELETE /api/x/{id}',
    'POST /api/x/{id}/resolve',
    'POST /api/x/check',
  ])('%s writes', (one) => {
    expect(isWrite(route(one))).toBe(true);
  });
  test.each([
    'GET /api/x',
    'POST /api/x/search',
    'POST /api/schemas/validate',
    'POST /api/scan/resolve-location',
    'POST /api/x/dry-run',
    'HEAD /api/x',
  ])('%s does not', (one) => {
    expect(isWrite(route(one))).toBe(false);
  });
});

describe('A text mentions a route', () => {
  const mentions = (text: string, one: string) => mentionsRoute(mentionsIn(text), route(one));
  test('by its path, with its method or alone, whatever its parameters are called', () => {
    expect(mentions('Two `POST /api/x/:id/close` at once', 'POST /api/x/{loanId}/close')).toBe(true);
    expect(mentions('Two calls of `/api/x/[id]/close`', 'POST /api/x/{loanId}/close')).toBe(true);
    expect(mentions('`GET /api/x/:id/close`', 'POST /api/x/{id}/close')).toBe(false);
  });
  test('by a path without method that it stands under', () => {
    expect(mentions('All of `/api/x`', 'POST /api/x/{id}/close')).toBe(true);
    expect(mentions('All of `/api`', 'POST /api/x')).toBe(false);
    expect(mentions('All of `/api/xy`', 'POST /api/x')).toBe(false);
    expect(mentions('`POST /api/x`', 'POST /api/x/{id}/close')).toBe(false);
  });
  test('by what its path starts with, up to an asterisk', () => {
    expect(mentions('- `GET /api/x/*`: not cached', 'GET /api/x/{id}/close')).toBe(true);
    expect(mentions('All of `/api/x/**`', 'POST /api/x/{id}')).toBe(true);
    expect(mentions('All of `/api/x/*`', 'GET /api/x')).toBe(false);
    expect(mentions('All of `GET /api/x/*`', 'POST /api/x/{id}')).toBe(false);
    expect(mentions('All of `GET /api/*`', 'GET /api/x')).toBe(false);
    expect(mentions('All of `GET /api/y/*`', 'GET /api/x/{id}')).toBe(false);
  });
  test('by its method and the end of its path', () => {
    expect(mentions('After `POST /import` answers', 'POST /api/x/import')).toBe(true);
    expect(mentions('After `/import` answers', 'POST /api/x/import')).toBe(false);
  });
  test('and a path spells names', () => {
    expect(namesInPath('/api/wms/inventory/movements/{id}')).toContain('inventory movement');
  });
});
