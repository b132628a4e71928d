import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { LRUCache } from 'lru-cache';
import { Refusal } from '../../commands/refusals.js';

/** How many requests a key may send a minute to one process; undefined where nobody counts. */
export const REQUESTS_PER_MINUTE = Symbol('requests per minute');

const seconds = 60;

/**
 * A quota for each key and minute, told in every answer (draft-ietf-httpapi-ratelimit-headers), so that clients slow down
 * before they are refused. Counted by key and not by address: the key is who is doing it.
 */
@Injectable()
export class RateLimit {
  private readonly windows = new LRUCache<string, { used: number; endsAt: number }>({ max: 100_000 });

  constructor(@Inject(REQUESTS_PER_MINUTE) private readonly quota: number | undefined) {}

  /** Counts a request. @throws Refusal `rate_limited` when the quota is used up */
  count(keyId: string, reply: FastifyReply): void {
    const { quota } = this;
    if (quota === undefined) return;
    const now = Date.now();
    const known = this.windows.get(keyId);
    const window = known && known.endsAt > now ? known : { used: 0, endsAt: now + seconds * 1000 };
    window.used++;
    if (window !== known) this.windows.set(keyId, window);
    const left = Math.ceil((window.endsAt - now) / 1000);
    void reply
      .header('ratelimit-policy', `"key";q=${quota};w=${seconds}`)
      .header('ratelimit', `"key";r=${Math.max(0, quota - window.used)};t=${left}`);
    if (window.used > quota) {
      const detail = `This key may send ${quota} requests a minute; it has to wait ${left} seconds.`;
      throw new Refusal('rate_limited', detail, { retryAfter: left });
    }
  }
}
