import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import type { Outcome } from '../../commands/command.js';
import type { AuthenticatedRequest } from '../auth/principal.js';
import type { CommandRouteOptions } from './command-document.js';
import { entityTag } from './conditional.js';
import { RouteNote } from './route-note.js';

/** What the routes of commands were declared with. */
export const commandRoutes = new RouteNote<CommandRouteOptions>();

/** A request that became a command: the route says how its outcome is answered. */
export type CommandRequest = AuthenticatedRequest & { commandRoute?: CommandRouteOptions };

/**
 * Answers commands: the receipt as the body, and what came of the command in the headers. A hook of Fastify and not an
 * interceptor of Nest, because a single interceptor leads every request through a chain of observables.
 */
export function registerOutcomes(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('preSerialization', (request: CommandRequest, reply, payload: unknown, done) => {
    const answered = request.commandRoute && reply.statusCode < 300;
    done(null, answered ? answer(request, reply, payload as Outcome) : payload);
  });
}

function answer(request: CommandRequest, reply: FastifyReply, { receipt, tag, replayed, simulated }: Outcome): object {
  if (tag !== null) void reply.header('etag', entityTag(tag));
  if (replayed) {
    void reply.header('idempotency-replayed', 'true');
    // It was done, and written in the trail, when it was asked for first.
    request.audited = undefined;
  }
  if (simulated) void reply.code(200);
  const location = simulated ? undefined : request.commandRoute?.creates?.location;
  if (location) {
    const { organizationId } = request.params as { organizationId?: string };
    void reply.header(
      'location',
      (organizationId ? `/v1/organizations/${organizationId}` : '/v1') + location({ ...receipt }),
    );
  }
  return receipt;
}
