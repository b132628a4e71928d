import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, test } from 'vitest';
import { answerBrokenRequest } from '../src/modules/http/edge.js';
import { problemOf, startService } from './support/service.js';
import { documentOf, expectProblem, importSpec, sendMarkdown } from './support/specs.js';

const document = documentOf('Alerts', { Overview: 'Old.', Rollout: 'Slow.' });

/** An answer as it came over the line. */
type RawAnswer = { status: number; headers: Record<string, string>; body: Record<string, unknown> };

function parsed(answer: string): RawAnswer {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.split(':')[0]?.toLowerCase(), line.replace(/^[^:]*: ?/, '')]),
  ) as Record<string, string>;
  return { status: Number(first.split(' ')[1]), headers, body: JSON.parse(body) as Record<string, unknown> };
}

describe('the head of a request', () => {
  const service = startService();
  let specId: string;
  beforeAll(async () => {
    ({ specId } = await importSpec(service.organization, document));
  });
  const get = (path: string) => service.organization.request('get', path);

  /** Sends bytes as they are, and reads what comes until the line is cut. */
  const raw = async (head: string): Promise<RawAnswer> => {
    const { port } = service.app.getHttpServer().address() as AddressInfo;
    const socket = connect(port, '127.0.0.1');
    socket.end(head);
    return parsed(await text(socket));
  };
  const expectWhole = ({ status, headers, body }: RawAnswer, expected: number, code: string) => {
    expect({ status, code: body.code }).toEqual({ status: expected, code });
    expect(headers).toMatchObject({
      'content-type': 'application/problem+json; charset=utf-8',
      'x-request-id': body.requestId,
    });
  };

  test.each([
    ['application/json;charset=utf-8', 'application/json'],
    ['application/json; charset="UTF-8"', 'application/json'],
    ['text/markdown; charset=utf-8', 'text/markdown'],
    ['text/html, text/markdown;charset=UTF-8;q=0.5', 'text/markdown'],
    ['', 'application/json'],
    [' ', 'application/json'],
  ])('may say in Accept: "%s"', async (accept, mediaType) => {
    const answer = await get(`/specs/${specId}`).set('accept', accept).expect(200);
    expect(answer.headers['content-type']).toBe(`${mediaType}; charset=utf-8`);
  });

  test('asks in Accept for no other encoding', async () => {
    const answer = await get(`/specs/${specId}`).set('accept', 'text/markdown;charset=utf-16');
    expectProblem(answer, 406, 'not_acceptable');
  });

  test.each(['%', '%zz', '%ff', 'caf%E9', '%ed%a0%80', '%C3&sort=%A9'])(
    'holds no query that cannot be decoded: %s',
    async (bad) => {
      expectProblem(await get(`/specs?q=${bad}`), 400, 'invalid_request');
      const created = sendMarkdown(service.organization.request('post', `/specs?title=${bad}`), document);
      expectProblem(await created, 400, 'invalid_request');
      expectProblem(await service.anonymous().get(`/health/live?q=${bad}`), 400, 'invalid_request');
    },
  );

  test('names a parameter once, and is told so', async () => {
    for (const query of ['limit=1&limit=1', 'label=a&label=b', 'sort=title&sort=number']) {
      const { detail, errors } = expectProblem(await get(`/specs?${query}`), 400, 'invalid_request');
      const [name] = query.split('=');
      expect(detail).toBe(`${name} is given more than once`);
      expect(errors).toMatchObject([{ pointer: name, code: 'repeated' }]);
    }
    const created = sendMarkdown(service.organization.request('post', '/specs?title=A&title=B'), document);
    expect(problemOf(await created).detail).toBe('title is given more than once');
    expectProblem(await get('/specs?nonsense=1&nonsense=2'), 400, 'unknown_query_parameter');
  });

  test.each(['gzip', 'br', 'identity, gzip', 'x'])('announces no body that is coded: %s', async (coding) => {
    const created = service.organization.request('post', '/specs').set('content-encoding', coding);
    const { detail } = expectProblem(await sendMarkdown(created, document), 415, 'unsupported_media_type');
    expect(detail).toBe('Bodies are not compressed.');
    const plain = service.organization.request('post', '/specs').set('content-encoding', 'Identity');
    await sendMarkdown(plain, document).expect(201);
  });

  test('lists tags with empty elements between them, and only tags as they were given', async () => {
    const path = `/specs/${specId}/title`;
    const retitle = (tag: string) =>
      service.organization.request('put', path).set('if-match', tag).send({ title: 'Alerts' });
    await retitle('"7",, "1"').expect(200);
    await retitle(', "1" ,').expect(200);
    expectProblem(await retitle('"01"'), 412, 'stale_version');
    expectProblem(await retitle(','), 400, 'invalid_header');
    await get(`/specs/${specId}`).set('if-none-match', '"7",,"1"').expect(304);
  });

  test.each([
    ['is no HTTP', 'nonsense\r\n\r\n', 400, 'invalid_request'],
    ['has a method that is none', 'FOO / HTTP/1.1\r\nHost: x\r\n\r\n', 400, 'invalid_request'],
    ['is too large', `GET / HTTP/1.1\r\nHost: x\r\nA: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'headers_too_large'],
    ['names no host', 'GET /health/live HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'invalid_request'],
  ])('%s: the answer is a problem with its id', async (_, head, status, code) => {
    expectWhole(await raw(head), status, code);
  });

  test('expects what nobody knows: that is passed over', async () => {
    const answer = await raw('GET /health/live HTTP/1.1\r\nHost: x\r\nExpect: nonsense\r\nConnection: close\r\n\r\n');
    expect(answer.status).toBe(200);
  });

  test('comes in two minutes, with the body', () => {
    expect(service.app.getHttpServer().requestTimeout).toBe(120_000);
    let written = '';
    const socket = { writable: true, end: (bytes: string) => (written = bytes) } as unknown as Socket;
    answerBrokenRequest(Object.assign(new Error('late'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), socket);
    expect(written).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
    expectWhole(parsed(written), 408, 'request_timeout');
  });
});
