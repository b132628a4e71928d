import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { lookup } from 'node:dns';
import type { LookupAddress } from 'node:dns';
import type { Socket } from 'node:net';
import type { OnApplicationShutdown } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Agent, buildConnector } from 'undici';
import type { Answer } from './answer-reader.js';
import { AnswerReader } from './answer-reader.js';
import { NetworkGuard } from './network-guard.js';
import type { NetworkRules } from './network-guard.js';

/** One POST. */
export type Posting = {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string | Buffer;
  /** Milliseconds for everything, from the name's resolution to the last byte that is read. */
  timeout: number;
};

/** Where a URL leads. */
type Place = { origin: string; path: string };

/** How a name is resolved, as node:dns does it. */
export type Resolve = (
  host: string,
  answer: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** Milliseconds that a connection took to be made; told with the first request that uses it. */
type ConnectionTimes = { dns?: number; connect?: number; tls?: number };

/** Told in the same turn in which the request's reader is told that it starts, and in between nothing is. */
const channel = 'undici:client:sendHeaders';

/** How many connections are held to one origin at most. */
const connections = 100;
const connectTimeout = 10_000;
const responseHeaderBytes = 16 * 1024;

const systemResolve: Resolve = (host, answer) => lookup(host, { all: true }, answer);

/**
 * Sends messages, one pool of connections an origin. Addresses are judged here, where they are connected to: as they are
 * written, every one that a name resolves to, and the one at the other end of the connection. Redirects are never
 * followed, and nothing is decompressed.
 */
export class HttpSender implements OnApplicationShutdown {
  private readonly guard: NetworkGuard;
  private readonly agent: Agent;
  private readonly times = new WeakMap<Socket, ConnectionTimes>();
  private readonly underWay = new Set<AnswerReader>();
  private readonly places = new LRUCache<string, Place>({ max: 1_000 });
  private starting: AnswerReader | undefined;

  constructor(
    rules: NetworkRules,
    private readonly resolve: Resolve = systemResolve,
  ) {
    this.guard = new NetworkGuard(rules);
    this.agent = new Agent({
      connect: (options, callback) => this.connect(options, callback),
      connections,
      pipelining: 1,
      maxHeaderSize: responseHeaderBytes,
      // The one deadline of a posting covers both.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    subscribe(channel, this.onSent);
  }

  /** Posts, and never throws: what went wrong is in the answer. */
  post({ url, headers, body, timeout }: Posting): Promise<Answer> {
    return new Promise((resolve) => {
      const reader = new AnswerReader(timeout, {
        starts: () => (this.starting = reader),
        ends: (answer) => {
          this.underWay.delete(reader);
          resolve(answer);
        },
      });
      this.underWay.add(reader);
      try {
        this.agent.dispatch({ ...this.placeOf(url), method: 'POST', headers, body }, reader);
      } catch (error) {
        reader.fail(error);
      }
    });
  }

  private placeOf(url: string): Place {
    const known = this.places.get(url);
    if (known) return known;
    const { origin, pathname, search } = new URL(url);
    const place = { origin, path: pathname + search };
    this.places.set(url, place);
    return place;
  }

  /** Whether a URL may be saved: a name that resolves now is judged by its answers, one that does not is judged later. */
  async problemWith(url: string): Promise<string | undefined> {
    const problem = this.guard.problemWith(url);
    if (problem !== undefined) return problem;
    const { hostname } = new URL(url);
    const addresses = await new Promise<LookupAddress[]>((resolve) =>
      this.resolve(hostname.replace(/^\[|\]$/g, ''), (error, found) => resolve(error ? [] : found)),
    );
    return addresses.every(({ address }) => this.guard.allows(address)) ? undefined : 'must be at a public address';
  }

  /** Ends what is under way: its answers are not waited for. */
  giveUp(): void {
    for (const reader of this.underWay) reader.giveUp();
  }

  async onApplicationShutdown(): Promise<void> {
    this.giveUp();
    unsubscribe(channel, this.onSent);
    await this.agent.destroy();
  }

  private readonly onSent = (message: unknown): void => {
    const reader = this.starting;
    this.starting = undefined;
    const { socket } = message as { socket: Socket };
    const times = this.times.get(socket);
    if (!reader || !times) return;
    reader.connection = times;
    this.times.delete(socket);
  };

  private connect(options: buildConnector.Options, callback: buildConnector.Callback): void {
    const times: ConnectionTimes = {};
    const began = performance.now();
    let resolved = began;
    let connected = began;
    const connector = buildConnector({
      timeout: connectTimeout,
      // What was judged is what is connected to: the name is not resolved a second time.
      lookup: (host, { all }, answer) =>
        this.resolve(host, (error, addresses) => {
          resolved = performance.now();
          times.dns = resolved - began;
          const failure =
            error ??
            this.judged(() =>
              this.guard.judge(
                host,
                addresses.map(({ address }) => address),
              ),
            );
          const first = error ? undefined : addresses[0];
          if (failure) answer(failure, '', 0);
          else if (all) answer(null, addresses);
          else answer(null, first?.address ?? '', first?.family);
        }),
    });
    const blocked = this.judged(() => this.guard.judgeLiteral(options.hostname));
    if (blocked) return callback(blocked, null);
    const begun = connector(options, (...[error, socket]) => {
      if (error) return callback(error, null);
      const other = this.judged(() => this.guard.judge(options.hostname, [socket.remoteAddress ?? '']));
      if (other) {
        socket.destroy();
        return callback(other, null);
      }
      if (options.protocol === 'https:') times.tls = performance.now() - connected;
      this.times.set(socket, times);
      callback(null, socket);
    }) as unknown as Socket | undefined;
    begun?.once('connect', () => {
      connected = performance.now();
      times.connect = connected - resolved;
    });
  }

  private judged(judge: () => void): Error | undefined {
    try {
      judge();
      return undefined;
    } catch (error) {
      return error as Error;
    }
  }
}
