import type { FastifyReply } from 'fastify';
import { newId } from '../../commands/ids.js';
import type { RefusalCode } from '../../commands/refusals.js';
import { refusals } from '../../commands/refusals.js';
import type { AuthenticatedRequest, Principal } from '../auth/principal.js';
import { actorOf } from '../auth/principal.js';
import type { CommandRequest } from '../http/outcome.js';
import type { AuditEntry } from './audit-entry.js';
import { cut, installation, longestSection } from './audit-entry.js';
import { commandName } from './command-names.js';

/** What is known of a request besides what came of it. */
export type RequestContext = {
  organizationId: string;
  correlationId: string;
  recordedAt: string;
  method: string;
  path: string;
  status: number;
  keyId: string | null;
  address: string;
  userAgent: string | null;
};

/** Refusals that say that two wrote at once, or that something is there already, or not yet: nothing was denied. */
const collisions: ReadonlySet<RefusalCode> = new Set([
  'not_ready',
  'already_exists',
  'merge_conflict',
  'idempotency_key_in_flight',
  'write_contention',
]);

/** Whether somebody was kept from something: by their role, by where a spec stands, or by the wall between organizations. */
function isDenied({ refusal, params }: AuthenticatedRequest, { organizationId }: Principal): boolean {
  if (refusal === undefined) return false;
  const { status } = refusals[refusal];
  return status === 403 || (status === 409 && !collisions.has(refusal)) || isForeign(params, organizationId);
}

const isForeign = (params: unknown, organizationId: string): boolean =>
  (params as { organizationId?: string } | undefined)?.organizationId?.toLowerCase() !== organizationId;

/** The entry for a request that left no event and belongs in the trail of the organization whose key it came with. */
export function incidentOf(request: AuthenticatedRequest, principal: Principal, now: Date): AuditEntry | undefined {
  const { refusal, audited, auditedAbout = null, method } = request;
  const isWrite = method !== 'GET' && method !== 'HEAD';
  if (isDenied(request, principal)) {
    const type = isWrite ? 'audit.command.denied' : 'audit.read.denied';
    return { ...entry(request, principal, now), kind: 'denied', type, code: refusal ?? null };
  }
  if (audited === undefined || refusal !== undefined) return undefined;
  return { ...entry(request, principal, now), kind: 'read', type: audited, decision: auditedAbout };
}

function entry(request: AuthenticatedRequest, principal: Principal, now: Date): Omit<AuditEntry, 'kind' | 'type'> {
  const { organizationId } = principal;
  const params = request.params as Record<string, string | undefined>;
  const query = request.query as Record<string, unknown>;
  const route = (request as CommandRequest).commandRoute;
  const { id, kind, name } = actorOf(principal);
  const isOwn = !isForeign(params, organizationId);
  return {
    ...{ organizationId, recordedAt: now.toISOString(), entryId: newId(), correlationId: request.id },
    ...{ seq: null, streamId: null, version: null, transition: null, onBehalfOf: null },
    // Ids of another organization are none of this one's trail.
    specId: isOwn ? uuidOf(params.specId ?? query.specId) : null,
    section: isOwn ? (params.sectionKey === undefined ? null : cut(params.sectionKey, longestSection)) : null,
    command: (route && (commandName(route.json, route.bodiless, route.markdown) ?? route.operationId)) ?? null,
    ...{ actorId: id, actorKind: kind, actorName: name },
    ...{ code: null, reason: null, decision: null, hashBefore: null, hashAfter: null, text: '' },
  };
}

const uuidOf = (text: unknown): string | null =>
  typeof text === 'string' && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) ? text.toLowerCase() : null;

/** The entry for what the operator had done: of an organization's own trail it is no part, whatever it was about. */
export function operatorEntry(request: AuthenticatedRequest, now: Date): AuditEntry {
  const principal = { organizationId: installation, keyId: 'operator', memberId: null, name: 'operator' } as const;
  const done = entry(request, { ...principal, role: 'admin', principal: 'service' }, now);
  return { ...done, kind: 'operator', type: 'audit.operator.acted', code: request.refusal ?? null };
}

/** Where a request came from. What it asked for in the query may name persons, and is left out. */
export function contextOf(
  request: AuthenticatedRequest,
  reply: FastifyReply,
  { organizationId, keyId }: Pick<Principal, 'organizationId' | 'keyId'>,
  now: Date,
): RequestContext {
  const { id, method, url, ip, headers } = request;
  const end = url.indexOf('?');
  return {
    organizationId,
    correlationId: id,
    recordedAt: now.toISOString(),
    method,
    path: (end < 0 ? url : url.slice(0, end)).slice(0, 500),
    status: reply.statusCode,
    keyId,
    address: ip,
    userAgent: headers['user-agent']?.slice(0, 300) ?? null,
  };
}
