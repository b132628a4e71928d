import { connect } from 'node:net';

const headEnd = Buffer.from('\r\n\r\n');

/**
 * `headers` are whole lines, each ended by CRLF; Host and Content-Length are added.
 *
 * @typedef {{ method: string, path: string, headers: string, body?: string | Buffer }} Request
 * @typedef {{ status: number, head: string, body: Buffer }} Answer
 */

/**
 * One keep-alive connection with one request under way at a time, written by hand: on two cores, what a full HTTP
 * client costs is taken from the servers under load. It reads answers that carry a Content-Length (or none, like 204
 * and 304) and fails loudly at everything else.
 */
export class HttpConnection {
  #socket;
  #host;
  /** @type {Buffer} */
  #received = Buffer.alloc(0);
  /** @type {{ resolve: (answer: Answer) => void, reject: (error: Error) => void } | undefined} */
  #waiting;
  /** @type {Error | undefined} */
  #failure;

  /**
   * @param {import('node:net').Socket} socket
   * @param {string} host
   */
  constructor(socket, host) {
    this.#socket = socket;
    this.#host = host;
    socket.on('data', (/** @type {Buffer} */ chunk) => this.#read(chunk));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error(`${host} closed the connection`)));
  }

  /**
   * @param {number} port of 127.0.0.1
   * @returns {Promise<HttpConnection>}
   */
  static open(port) {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.removeListener('error', reject);
        resolve(new HttpConnection(socket, `127.0.0.1:${port}`));
      });
    });
  }

  /**
   * @param {Request} request
   * @returns {Promise<Answer>}
   */
  request({ method, path, headers, body }) {
    return new Promise((resolve, reject) => {
      if (this.#failure) return reject(this.#failure);
      this.#waiting = { resolve, reject };
      const head = `${method} ${path} HTTP/1.1\r\nHost: ${this.#host}\r\n${headers}`;
      if (body === undefined) return this.#socket.write(`${head}\r\n`);
      const framed = `${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
      this.#socket.write(typeof body === 'string' ? framed + body : Buffer.concat([Buffer.from(framed), body]));
    });
  }

  close() {
    this.#socket.destroy();
  }

  /** @param {Buffer} chunk */
  #read(chunk) {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const end = this.#received.indexOf(headEnd);
    if (end < 0) return;
    const head = this.#received.toString('latin1', 0, end);
    const status = Number(head.slice(9, 12));
    const length = headerOf(head, 'content-length');
    if (length === undefined && status !== 204 && status !== 304) {
      return this.#fail(new Error(`an answer without Content-Length:\n${head}`));
    }
    const start = end + headEnd.length;
    const stop = start + Number(length ?? 0);
    if (this.#received.length < stop) return;
    const body = this.#received.subarray(start, stop);
    this.#received = this.#received.subarray(stop);
    const { resolve } = this.#waiting ?? { resolve: () => this.#fail(new Error('an answer that nobody asked for')) };
    this.#waiting = undefined;
    resolve({ status, head, body });
  }

  /** @param {Error} error */
  #fail(error) {
    this.#failure ??= error;
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }
}

/**
 * @param {string} head of an answer
 * @param {string} name in lower case
 * @returns {string | undefined}
 */
export function headerOf(head, name) {
  const lower = head.toLowerCase();
  const at = lower.indexOf(`\r\n${name}:`);
  if (at < 0) return undefined;
  const start = at + name.length + 3;
  const end = head.indexOf('\r\n', start);
  return head.slice(start, end < 0 ? undefined : end).trim();
}
