import type { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { keptBytes } from '../src/modules/webhooks/answer-reader.js';
import type { Posting, Resolve } from '../src/modules/webhooks/http-sender.js';
import { HttpSender } from '../src/modules/webhooks/http-sender.js';
import { onLoopback } from './support/webhooks.js';

/** A receiver that speaks for itself, byte by byte. */
let speak: (socket: Socket, request: string) => void;
let connections = 0;
const open = new Set<Socket>();
const server = createServer((socket) => {
  connections++;
  open.add(socket);
  socket.on('error', () => undefined).on('close', () => open.delete(socket));
  let request = '';
  socket.on('data', (bytes) => {
    request += bytes.toString('latin1');
    if (request.includes('\r\n\r\n')) speak(socket, request);
  });
});
let url: string;
const allowed = new HttpSender(onLoopback);

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(async () => {
  await allowed.onApplicationShutdown();
  for (const socket of open) socket.destroy();
  server.close();
});
beforeEach(() => (connections = 0));

const posting = (more: Partial<Posting> = {}): Posting => ({
  url,
  headers: { 'content-type': 'application/json', 'accept-encoding': 'identity' },
  body: '{}',
  timeout: 5_000,
  ...more,
});
const post = (more: Partial<Posting> = {}, sender = allowed) => sender.post(posting(more));
const says = (text: string | Buffer) => (speak = (socket) => void socket.end(text));

describe('a receiver', () => {
  test('that never ends its answer has it cut off at the deadline, of all of it', async () => {
    speak = (socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n');
      const timer = setInterval(() => socket.write('.'), 50);
      socket.on('close', () => clearInterval(timer));
    };
    const answer = await post({ timeout: 600 });
    expect(answer).toMatchObject({ status: 200, error: 'timeout' });
    expect(answer.times.total).toBeGreaterThanOrEqual(590);
    expect(answer.times.total).toBeLessThan(3_000);
  });

  test('that sends its headers drop by drop, or says nothing at all, is given up as well', async () => {
    speak = (socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const timer = setInterval(() => socket.write('x-a: b\r\n'), 50);
      socket.on('close', () => clearInterval(timer));
    };
    expect(await post({ timeout: 400 })).toMatchObject({ status: null, error: 'timeout' });
    speak = () => undefined;
    expect(await post({ timeout: 300 })).toMatchObject({ status: null, error: 'timeout' });
  });

  test('that sends 128 MB has 16 KiB of it read', async () => {
    let written = 0;
    const megabyte = Buffer.alloc(1 << 20, 'a');
    speak = (socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 134217728\r\n\r\n');
      const more = () => {
        while (written < 128 && !socket.destroyed) {
          written++;
          if (!socket.write(megabyte)) return void socket.once('drain', more);
        }
      };
      more();
    };
    const answer = await post();
    expect(answer).toMatchObject({ status: 200, error: null, truncated: true });
    expect(answer.body).toHaveLength(keptBytes);
    expect(written).toBeLessThan(64);
  });

  test('that sends a gzip bomb has nothing decompressed', async () => {
    const bomb = gzipSync(Buffer.alloc(10 << 20));
    says(
      Buffer.concat([
        Buffer.from(`HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`),
        bomb,
      ]),
    );
    const answer = await post();
    expect(answer).toMatchObject({ status: 200, error: null });
    expect(answer.body.equals(bomb.subarray(0, keptBytes))).toBe(true);
  });

  test('that resets the connection, or closes it without an answer, has failed', async () => {
    speak = (socket) => void socket.resetAndDestroy();
    expect(await post()).toMatchObject({ status: null, error: 'reset' });
    speak = (socket) => void socket.end();
    expect(await post()).toMatchObject({ status: null, error: 'reset' });
    speak = (socket) => void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf');
    expect(await post()).toMatchObject({ error: 'reset' });
  });

  test.each([
    ['100 that nobody expected', 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n'],
    ['no HTTP', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['a header without an end', `HTTP/1.1 200 OK\r\nx-a: ${'a'.repeat(40_000)}\r\n\r\n`],
    ['lengths that differ', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\na'],
    ['a length and chunks', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['a header with NUL', 'HTTP/1.1 200 OK\r\nx-a: a\u0000b\r\ncontent-length: 0\r\n\r\n'],
    ['a change of protocol', 'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'],
  ])('that answers with %s has failed, and nothing else has', async (_, text) => {
    says(text);
    const answer = await post();
    expect(answer.error === 'protocol' || answer.error === 'reset', JSON.stringify(answer)).toBe(true);
    says('HTTP/1.1 204 No Content\r\n\r\n');
    expect(await post()).toMatchObject({ status: 204, error: null });
  });

  test('that sends headers in another encoding has them kept as text', async () => {
    says(Buffer.from('HTTP/1.1 200 OK\r\nx-a: \xe9\xff\r\ncontent-length: 0\r\n\r\n', 'latin1'));
    const { status, headers } = await post();
    expect(status).toBe(200);
    expect(JSON.parse(JSON.stringify(headers))).toEqual(headers);
  });

  test('that says 102 and 103 first is heard out', async () => {
    says(
      'HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 204 No Content\r\nx-a: b\r\n\r\n',
    );
    expect(await post()).toMatchObject({ status: 204, error: null, headers: { 'x-a': 'b' } });
  });

  test.each([301, 302, 303, 307, 308])('that redirects with %i is not followed anywhere', async (status) => {
    says(`HTTP/1.1 ${status} Moved\r\nlocation: ${url}private\r\ncontent-length: 0\r\n\r\n`);
    expect(await post()).toMatchObject({ status, error: null });
    expect(connections).toBe(1);
  });
});

describe('an address', () => {
  const sentTo = async (address: string, resolve?: Resolve) => {
    const sender = new HttpSender({ allowedNetworks: [], allowHttp: true }, resolve);
    const target = new URL(url);
    const answer = await post({ url: `http://${address}:${target.port}/` }, sender);
    await sender.onApplicationShutdown();
    return answer;
  };
  const answering = (...answers: LookupAddress[][]): { resolve: Resolve; asked: () => number } => {
    let asked = 0;
    const resolve: Resolve = (_, answer) => answer(null, answers[Math.min(asked++, answers.length - 1)] ?? []);
    return { resolve, asked: () => asked };
  };
  const loopback = { address: '127.0.0.1', family: 4 };
  const elsewhere = { address: '203.0.114.10', family: 4 };

  test.each([
    '127.0.0.1',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '127.1',
    '[::ffff:7f00:1]',
    '127.0.0.1.',
    '[::1]',
    'localhost',
  ])('of the machine itself, written %s, is never connected to', async (address) => {
    expect(await sentTo(address)).toMatchObject({ status: null, error: 'blocked_address' });
    expect(connections).toBe(0);
  });

  test('that one of a name’s answers is refuses all of them', async () => {
    expect(await sentTo('hooks.example.com', answering([elsewhere, loopback]).resolve)).toMatchObject({
      error: 'blocked_address',
    });
    expect(connections).toBe(0);
  });

  test('that a name has when it is sent to counts, whatever it had when it was saved', async () => {
    const { resolve, asked } = answering([elsewhere], [loopback]);
    const sender = new HttpSender({ allowedNetworks: [], allowHttp: true }, resolve);
    const target = `http://rebinding.example.com:${new URL(url).port}/`;
    expect(await sender.problemWith(target)).toBeUndefined();
    expect(await post({ url: target }, sender)).toMatchObject({ status: null, error: 'blocked_address' });
    await sender.onApplicationShutdown();
    expect(asked()).toBe(2);
    expect(connections).toBe(0);
  });

  test('is asked for once: what was judged is what is connected to', async () => {
    const { resolve, asked } = answering([loopback], [elsewhere]);
    const sender = new HttpSender(onLoopback, resolve);
    says('HTTP/1.1 204 No Content\r\n\r\n');
    const target = `http://once.example.com:${new URL(url).port}/`;
    expect(await post({ url: target }, sender)).toMatchObject({ status: 204 });
    await sender.onApplicationShutdown();
    expect(asked()).toBe(1);
    expect(connections).toBe(1);
  });

  test('that does not exist, or does not answer, is told in a word', async () => {
    const nowhere: Resolve = (_, answer) => answer(Object.assign(new Error('no'), { code: 'ENOTFOUND' }), []);
    expect(await sentTo('nowhere.example.com', nowhere)).toMatchObject({ error: 'dns' });
    expect(await post({ url: 'http://127.0.0.1:1/' })).toMatchObject({ error: 'connect' });
  });
});
