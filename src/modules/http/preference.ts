import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { applyDecorators, Inject, Injectable, mixin, UseInterceptors } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Subscriptions } from '../event-store/subscriptions.js';

/** Seconds that a read waits at most, whatever is preferred. */
const longestWait = 30;

/**
 * How many seconds the caller would rather wait than get an answer that is behind (RFC 7240, section 4.3). What cannot
 * be understood is no preference (section 2); of two the first counts.
 * @returns at most 30; undefined without such a preference
 */
export function preferredWait(header: string | readonly string[] | undefined): number | undefined {
  const preferences = [header ?? []].flat().join().slice(0, 1000);
  // Quoted values may hold commas: they are passed over whole.
  for (const [, name = '', quoted, token] of preferences.matchAll(
    /(?:^|,)\s*([\w!#$%&'*+.^`|~-]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,;"]+)))?(?:\s*;(?:[^,"]|"(?:[^"\\]|\\.)*")*)?\s*(?=,|$)/g,
  )) {
    if (name.toLowerCase() !== 'wait') continue;
    const seconds = quoted ?? token ?? '';
    return /^\d{1,9}$/.test(seconds) ? Math.min(Number(seconds), longestWait) : undefined;
  }
  return undefined;
}

/**
 * For a read of what a subscription fills: `Prefer: wait=N` waits up to N seconds until it holds all that was written
 * before the request, and Preference-Applied says that it does.
 */
export function HonoursWait(subscription: string): MethodDecorator {
  @Injectable()
  class WaitInterceptor implements NestInterceptor {
    constructor(@Inject(Subscriptions) private readonly subscriptions: Subscriptions) {}

    async intercept(context: ExecutionContext, next: CallHandler) {
      const http = context.switchToHttp();
      const seconds = preferredWait(http.getRequest<FastifyRequest>().headers.prefer);
      if (seconds !== undefined && (await this.subscriptions.catchUp(subscription, seconds * 1000))) {
        void http.getResponse<FastifyReply>().header('preference-applied', `wait=${seconds}`);
      }
      return next.handle();
    }
  }
  return applyDecorators(UseInterceptors(mixin(WaitInterceptor)));
}
