import type { Dispatcher } from 'undici';
import { BlockedAddress } from './network-guard.js';

/** Why there was no answer, as customers are told it: what the network said stays inside. */
export const sendErrors = [
  'dns',
  'blocked_address',
  'connect',
  'tls',
  'timeout',
  'reset',
  'protocol',
  'aborted',
  'internal',
] as const;
export type SendError = (typeof sendErrors)[number];

/** What came of a posting. Times are milliseconds; those of the connection are only there where it was made for this. */
export type Answer = {
  status: number | null;
  error: SendError | null;
  headers: Record<string, string>;
  /** At most 16 KiB of it, as it was sent. */
  body: Buffer;
  truncated: boolean;
  times: { dns?: number; connect?: number; tls?: number; firstByte?: number; total: number };
};

/** Bytes of a response's body that are kept; more are not read. */
export const keptBytes = 16 * 1024;
const nothing = Buffer.alloc(0);
const keptHeaders = { count: 50, length: 1000 };

/** Reads the answer to one request, up to a deadline that covers all of it. */
export class AnswerReader implements Dispatcher.DispatchHandler {
  connection: { dns?: number; connect?: number; tls?: number } = {};
  private readonly began = performance.now();
  private readonly timer: NodeJS.Timeout;
  private controller: Dispatcher.DispatchController | undefined;
  private status: number | null = null;
  private headers: Record<string, string> = {};
  private firstByte: number | undefined;
  private chunks: Buffer[] | undefined;
  private kept = 0;
  private isDone = false;

  /** @param timeout milliseconds */
  constructor(
    timeout: number,
    private readonly told: { starts: () => void; ends: (answer: Answer) => void },
  ) {
    this.timer = setTimeout(() => this.end('timeout'), timeout);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    // It was given up while the connection was being made.
    if (this.isDone) controller.abort(new Error('given up'));
    else this.told.starts();
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    this.firstByte ??= performance.now() - this.began;
    if (status < 200) return;
    this.status = status;
    this.headers = kept(headers);
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.isDone) return;
    const room = keptBytes - this.kept;
    (this.chunks ??= []).push(Buffer.from(chunk.subarray(0, room)));
    this.kept += Math.min(room, chunk.length);
    if (chunk.length > room) this.end(null, true);
  }

  onResponseEnd(): void {
    this.end(null);
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.fail(error);
  }

  fail(error: unknown): void {
    this.end(errorOf(error));
  }

  giveUp(): void {
    this.end('aborted');
  }

  private end(error: SendError | null, truncated = false): void {
    if (this.isDone) return;
    this.isDone = true;
    clearTimeout(this.timer);
    if (error !== null || truncated) this.controller?.abort(new Error('given up'));
    const { status, headers, firstByte } = this;
    const times = { ...this.connection, firstByte, total: performance.now() - this.began };
    this.told.ends({
      status,
      error,
      headers,
      body: this.chunks ? Buffer.concat(this.chunks) : nothing,
      truncated,
      times,
    });
  }
}

function kept(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const found: Record<string, string> = {};
  let count = 0;
  for (const name of Object.keys(headers)) {
    if (name === 'set-cookie') continue;
    if (++count > keptHeaders.count) break;
    const value = headers[name] ?? '';
    found[name.slice(0, 100)] = (typeof value === 'string' ? value : value.join(', ')).slice(0, keptHeaders.length);
  }
  return found;
}

const byCode: readonly [RegExp, SendError][] = [
  [/^(?:ENOTFOUND|EAI_)/, 'dns'],
  [/^(?:ECONNREFUSED|EHOST|ENET|ETIMEDOUT|EADDR|UND_ERR_CONNECT)/, 'connect'],
  [/^(?:ERR_TLS|ERR_SSL|EPROTO|CERT_|DEPTH_|SELF_SIGNED|UNABLE_TO)/, 'tls'],
  [/^(?:ECONNRESET|EPIPE|UND_ERR_SOCKET)/, 'reset'],
];

function errorOf(error: unknown): SendError {
  if (error instanceof BlockedAddress) return 'blocked_address';
  const { code = '', errors = [] } = error as { code?: string; errors?: unknown[] };
  const [found] = byCode.filter(([pattern]) => pattern.test(code));
  if (found) return found[1];
  // Of all addresses of a name none could be connected to.
  return errors[0] ? errorOf(errors[0]) : 'protocol';
}
