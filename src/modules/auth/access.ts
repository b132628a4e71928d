import { timingSafeEqual } from 'node:crypto';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { mayActAs } from '../../commands/organization.commands.js';
import { Refusal } from '../../commands/refusals.js';
import { ApiKeys, hashApiKey } from './api-keys.js';
import type { AuthenticatedRequest, Role } from './principal.js';
import type { CommandRequest } from '../http/outcome.js';
import { commandRoutes } from '../http/outcome.js';
import { RouteNote } from '../http/route-note.js';
import { RateLimit } from './rate-limit.js';
import { ShareTokens } from './share-tokens.js';

/** The key that may create organizations; undefined where nobody may. */
export const OPERATOR_KEY = Symbol('operator key');

type Access = 'public' | 'operator' | 'share' | Role;
const accesses = new RouteNote<Access>();

/** Who may call a route. Without it: any key of the organization in the path. */
export const Requires = (access: Access): MethodDecorator => accesses.on(access);

/** Lets a caller in, once a request: the key, the organization in the path, the role that the route asks for. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly keys: ApiKeys,
    private readonly rateLimit: RateLimit,
    private readonly shares: ShareTokens,
    @Inject(OPERATOR_KEY) private readonly operatorKey: string | undefined,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = accesses.find(context) ?? 'reader';
    if (access === 'public') return true;
    const http = context.switchToHttp();
    const request = http.getRequest<AuthenticatedRequest>();
    const key = bearerToken(request.headers.authorization);
    if (access === 'operator') return this.isOperator(key, request);
    if (access === 'share') return this.isShared(key, request, http.getResponse<FastifyReply>());

    const principal = await this.keys.find(key);
    if (!principal) {
      request.unknownKey = key;
      throw new Refusal('unauthenticated', 'The key is unknown or was revoked.');
    }
    request.principal = principal;
    this.rateLimit.count(principal.keyId, http.getResponse<FastifyReply>());
    const { organizationId } = request.params as { organizationId?: string };
    // Another organization's id answers like one that does not exist: who may not see it does not learn that it is there.
    if (organizationId?.toLowerCase() !== principal.organizationId) {
      throw new Refusal('not_found', 'There is no such organization.');
    }
    if (!mayActAs(principal.role, access)) {
      (request as CommandRequest).commandRoute = commandRoutes.find(context);
      throw new Refusal(
        'not_permitted',
        `This needs a key with the role ${access}; this one has the role ${principal.role}.`,
      );
    }
    return true;
  }

  /** Whoever comes with a share link may read what it is for, and is nobody of the organization. */
  private async isShared(token: string, request: AuthenticatedRequest, reply: FastifyReply): Promise<boolean> {
    void reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer');
    const share = await this.shares.use(token);
    if (!share) throw new Refusal('unauthenticated', 'The share link is unknown, has expired or was revoked.');
    const { shareId, organizationId } = share;
    request.share = share;
    request.principal = {
      ...{ keyId: shareId, memberId: null, organizationId, name: 'share link' },
      ...({ role: 'reader', principal: 'service' } as const),
    };
    this.rateLimit.count(shareId, reply);
    return true;
  }

  private isOperator(key: string, request: AuthenticatedRequest): boolean {
    if (!this.operatorKey) throw new Refusal('not_permitted', 'The service runs without an operator key.');
    const [given, expected] = [key, this.operatorKey].map((one) => Buffer.from(hashApiKey(one)));
    if (!given || !expected || !timingSafeEqual(given, expected)) {
      request.unknownKey = key;
      throw new Refusal('unauthenticated', 'This is not the operator key.');
    }
    request.isOperator = true;
    return true;
  }
}

function bearerToken(header: string | undefined): string {
  const [, token] = /^Bearer +([\x21-\x7e]{1,500}) *$/i.exec(header ?? '') ?? [];
  if (!token) throw new Refusal('unauthenticated', 'Send the key as "Authorization: Bearer <key>".');
  return token;
}
