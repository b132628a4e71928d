import type { FastifyRequest } from 'fastify';
import type { keyPrincipals, keyRoles } from '../../commands/organization.commands.js';

/** What a key may do: read; read and write specs; also manage keys and templates. Each includes the one before. */
export type Role = (typeof keyRoles)[number];

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

export type AuthenticatedRequest = FastifyRequest & { principal?: Principal };
