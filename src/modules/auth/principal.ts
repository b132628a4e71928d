import type { FastifyRequest } from 'fastify';
import type { Share } from './share-tokens.js';
import type { Caller } from '../../commands/command.js';
import type { RefusalCode } from '../../commands/refusals.js';
import type { KeyRole, keyPrincipals } from '../../commands/organization.commands.js';

/** What a key may do. */
export type Role = KeyRole;

/** Who is calling: the owner of an API key, in the one organization that key belongs to. An agent never passes for a human. */
export type Principal = {
  keyId: string;
  /** Whose key it is; null where it stands for itself. */
  memberId: string | null;
  organizationId: string;
  name: string;
  role: Role;
  principal: (typeof keyPrincipals)[number];
};

/** A request, and what was found out about it: for the controllers, and for the audit trail. */
export type AuthenticatedRequest = FastifyRequest & {
  /** Whose key it came with, if that is known: whether it may do what it asks is another question. */
  principal?: Principal;
  /** The key that it came with, if it is none that is good. */
  unknownKey?: string;
  /** The share link that it came with. */
  share?: Share;
  /** Whether it came with the key of whoever runs the service. */
  isOperator?: boolean;
  /** Why it was refused. */
  refusal?: RefusalCode;
  /** The name under which its being answered stands in the audit trail, if it does. */
  audited?: string;
  /** What that was about, in ids: no text that somebody wrote. */
  auditedAbout?: object;
};

/** As whom somebody acts: the member, whichever of their keys it is; without a principal, whoever runs the service. */
export const actorOf = (principal: Principal | undefined): Caller['actor'] => ({
  id: principal?.memberId ?? principal?.keyId ?? 'operator',
  kind: principal?.principal ?? 'service',
  name: principal?.name ?? 'operator',
});
