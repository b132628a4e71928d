import type { ClientBase } from 'pg';
import { newId } from '../../commands/ids.js';
import type { AuditEntry } from './audit-entry.js';
import type { RequestContext } from './incident.js';

/** A request with a key that is not good: by its hash it is told whether it ever was. */
export type FailedKey = Omit<RequestContext, 'organizationId' | 'status' | 'keyId'> & { keyHash: string };

type Owner = {
  keyHash: string;
  organizationId: string;
  keyId: string;
  memberId: string | null;
  name: string;
  principal: string;
};

const add = {
  name: 'audit.add-contexts',
  text: `insert into specline.request_context
      (organization_id, correlation_id, recorded_at, method, path, status, key_id, address, user_agent)
    select x."organizationId", x."correlationId", x."recordedAt", x.method, x.path, x.status, x."keyId", x.address, x."userAgent"
    from json_to_recordset($1) as x ("organizationId" uuid, "correlationId" text, "recordedAt" timestamptz, method text,
      path text, status int, "keyId" text, address text, "userAgent" text)
    on conflict do nothing`,
};
const deleteOld = {
  name: 'audit.delete-contexts',
  text: `delete from specline.request_context where recorded_at < clock_timestamp() - interval '400 days'`,
};
const owners = { name: 'audit.owners-of-keys', text: 'select * from specline.owners_of_keys($1)' };

/** Writes where requests came from. */
export async function addContexts(client: ClientBase, contexts: readonly RequestContext[]): Promise<void> {
  if (contexts.length > 0) await client.query({ ...add, values: [JSON.stringify(contexts)] });
}

/** Addresses and programs tell of persons: they are kept for 400 days, a year and what a review of it takes. */
export async function deleteOldContexts(client: ClientBase): Promise<void> {
  await client.query(deleteOld);
}

/** What the trail says of keys that were refused, where they are keys that were good once; of others it says nothing. */
export async function entriesOfFailedKeys(
  client: ClientBase,
  failed: readonly FailedKey[],
): Promise<{ entries: AuditEntry[]; contexts: RequestContext[] }> {
  if (failed.length === 0) return { entries: [], contexts: [] };
  const values = [[...new Set(failed.map(({ keyHash }) => keyHash))]];
  const { rows } = await client.query<Owner>({ ...owners, values });
  const known = new Map(rows.map((owner) => [owner.keyHash, owner]));
  const found = failed.flatMap(({ keyHash, ...request }) => {
    const owner = known.get(keyHash);
    return owner ? [{ owner, request }] : [];
  });
  return {
    entries: found.map(({ owner, request }) => entryOf(owner, request)),
    contexts: found.map(({ owner: { organizationId, keyId }, request }) => {
      return { ...request, organizationId, keyId, status: 401 };
    }),
  };
}

function entryOf(owner: Owner, { correlationId, recordedAt }: Omit<FailedKey, 'keyHash'>): AuditEntry {
  return {
    ...{ organizationId: owner.organizationId, recordedAt, entryId: newId(), correlationId },
    ...{ kind: 'authentication', type: 'audit.authentication.failed', code: 'unauthenticated' },
    ...{ seq: null, streamId: null, version: null, specId: null, section: null, command: null, transition: null },
    ...{ actorId: owner.memberId ?? owner.keyId, actorKind: owner.principal, actorName: owner.name },
    ...{ onBehalfOf: null, reason: null, decision: null, hashBefore: null, hashAfter: null, text: '' },
  };
}
