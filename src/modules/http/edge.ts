import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Refusal } from '../../commands/refusals.js';

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/**
 * What holds for every request, before any controller.
 * @returns to be called when all routes are there: answers 405 with Allow for what a resource cannot do (RFC 9110, 15.5.6)
 */
export function registerEdge(app: NestFastifyApplication): () => void {
  const fastify = app.getHttpAdapter().getInstance();
  const routes = new Map<string, Set<string>>();

  fastify.addHook('onRoute', ({ url, method }) => {
    routes.set(url, new Set([...(routes.get(url) ?? []), ...[method].flat()]));
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id).header('x-content-type-options', 'nosniff');
    // PostgreSQL has no NUL in text, and no path or parameter of ours has a use for one.
    done(request.url.includes('%00') ? new Refusal('forbidden_character', 'NUL cannot be stored.') : undefined);
  });

  return () => {
    for (const [url, known] of [...routes].filter(([path]) => /^\/(?:v1|health)\b/.test(path))) {
      const allow = [...known].sort().join(', ');
      fastify.route({
        method: methods.filter((method) => !known.has(method)),
        url,
        handler: (_request, reply) => {
          void reply.header('allow', allow);
          throw new Refusal('method_not_allowed', `It can do ${allow}.`);
        },
      });
    }
  };
}
