import { setTimeout as pause } from 'node:timers/promises';
import type { BeforeApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { Injectable, Logger } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import { hashApiKey } from '../auth/api-keys.js';
import type { AuthenticatedRequest } from '../auth/principal.js';
import { isPassing } from '../event-store/subscription.js';
import { WorkerDatabase } from '../event-store/worker-database.js';
import type { FailedKey } from './access-records.js';
import { addContexts, deleteOldContexts, entriesOfFailedKeys } from './access-records.js';
import { addEntries } from './audit-entries.js';
import type { AuditEntry } from './audit-entry.js';
import { installation } from './audit-entry.js';
import type { RequestContext } from './incident.js';
import { contextOf, incidentOf, operatorEntry } from './incident.js';

/** How many of each are held at most, how many are written at once, and how long they gather, in milliseconds. */
const most = { held: 10_000, written: 1000, gathered: 250 } as const;
const betweenDeletions = 3_600_000;

type Fastify = ReturnType<ReturnType<NestFastifyApplication['getHttpAdapter']>['getInstance']>;

/**
 * Writes down what leaves no event: refused commands, keys that are no longer good, reads of exports; and of each write
 * where it came from. All of it after the answer, some at a time: no request waits for it. What cannot be written is
 * tried again; beyond what is held, further records are lost and counted in the log.
 */
@Injectable()
export class AccessRecorder implements OnModuleInit, BeforeApplicationShutdown {
  private readonly log = new Logger('audit');
  private entries: AuditEntry[] = [];
  private contexts: RequestContext[] = [];
  private failedKeys: FailedKey[] = [];
  /** How many of each are being written: more may come meanwhile. */
  private taken = { entries: 0, contexts: 0, failedKeys: 0 };
  private lost = 0;
  private writing: Promise<void> | undefined;
  private deletedAt = 0;
  private isEnding = false;

  constructor(
    private readonly adapters: HttpAdapterHost,
    private readonly database: WorkerDatabase,
  ) {}

  onModuleInit(): void {
    // A process that only works in the background answers nobody.
    const adapter = this.adapters.httpAdapter as typeof this.adapters.httpAdapter | undefined;
    adapter?.getInstance<Fastify>().addHook('onResponse', (request: AuthenticatedRequest, reply, done) => {
      this.record(request, reply);
      done();
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isEnding = true;
    await this.settled();
  }

  /** Waits until all that was recorded before is written. */
  async settled(): Promise<void> {
    while (this.writing) await this.writing;
  }

  private record(request: AuthenticatedRequest, reply: FastifyReply): void {
    const { principal, unknownKey, method } = request;
    if (request.isOperator && method !== 'GET' && method !== 'HEAD') {
      const now = new Date();
      this.hold(this.entries, operatorEntry(request, now));
      this.hold(this.contexts, contextOf(request, reply, { organizationId: installation, keyId: 'operator' }, now));
      return;
    }
    if (!principal) {
      if (unknownKey !== undefined) this.hold(this.failedKeys, failedKey(request, unknownKey));
      return;
    }
    const isWrite = method !== 'GET' && method !== 'HEAD';
    if (!isWrite && request.refusal === undefined && request.audited === undefined) return;
    const now = new Date();
    const incident = incidentOf(request, principal, now);
    if (incident) this.hold(this.entries, incident);
    if (incident || (isWrite && reply.statusCode < 400)) {
      this.hold(this.contexts, contextOf(request, reply, principal, now));
    }
  }

  private hold<T>(held: T[], one: T): void {
    if (held.length >= most.held) this.lost++;
    else held.push(one);
    this.writing ??= this.writeAll().finally(() => (this.writing = undefined));
  }

  private async writeAll(): Promise<void> {
    while (this.entries.length + this.contexts.length + this.failedKeys.length > 0) {
      await this.gather();
      try {
        await this.write();
      } catch (error) {
        if (!isPassing(error)) {
          // It would stand in the way of all that comes.
          this.log.error(`records of requests cannot be written, and are lost: ${String(error)}`);
          this.forget();
          continue;
        }
        this.log.warn(`${this.entries.length} entries wait to be written: ${String(error)}`);
        if (this.isEnding) return;
        await pause(1000, undefined, { ref: false });
      }
    }
  }

  /** A commit for each request would cost more than the records themselves. */
  private async gather(): Promise<void> {
    const isFull = Math.max(this.entries.length, this.contexts.length, this.failedKeys.length) >= most.written;
    if (!isFull && !this.isEnding) await pause(most.gathered, undefined, { ref: false });
  }

  /** Of what was written, or never can be. */
  private forget(): void {
    const { entries, contexts, failedKeys } = this.taken;
    this.entries = this.entries.slice(entries);
    this.contexts = this.contexts.slice(contexts);
    this.failedKeys = this.failedKeys.slice(failedKeys);
  }

  /** What was taken is forgotten when it is written, so that a failure loses none of it. */
  private async write(): Promise<void> {
    const entries = this.entries.slice(0, most.written);
    const contexts = this.contexts.slice(0, most.written);
    const failedKeys = this.failedKeys.slice(0, most.written);
    this.taken = { entries: entries.length, contexts: contexts.length, failedKeys: failedKeys.length };
    const isDue = Date.now() - this.deletedAt > betweenDeletions;
    await this.database.transaction(async (client) => {
      const ofKeys = await entriesOfFailedKeys(client, failedKeys);
      await addEntries(client, [...entries, ...ofKeys.entries]);
      await addContexts(client, [...contexts, ...ofKeys.contexts]);
      if (isDue) await deleteOldContexts(client);
    });
    if (isDue) this.deletedAt = Date.now();
    this.forget();
    if (this.lost > 0) this.log.error(`${this.lost} records of requests were lost: more came than could be written`);
    this.lost = 0;
  }
}

function failedKey(request: AuthenticatedRequest, key: string): FailedKey {
  const { method, url, ip, headers } = request;
  const end = url.indexOf('?');
  return {
    keyHash: hashApiKey(key),
    correlationId: request.id,
    recordedAt: new Date().toISOString(),
    method,
    path: (end < 0 ? url : url.slice(0, end)).slice(0, 500),
    address: ip,
    userAgent: headers['user-agent']?.slice(0, 300) ?? null,
  };
}
