import type { Tenant } from './service.js';

export type Member = { memberId: string; keyId: string; apiKey: string };
type Kind = 'human' | 'agent' | 'service';

/** A member of the organization. @returns its id */
export async function addMember(tenant: Tenant, name: string, kind: Kind = 'human'): Promise<string> {
  const answer = await tenant.request('post', '/members').send({ name, kind }).expect(201);
  return (answer.body as { memberId: string }).memberId;
}

/** A key of a member, issued with another key where one is given. */
export async function issueMemberKey(
  tenant: Tenant,
  memberId: string,
  role: 'reader' | 'auditor' | 'writer' | 'admin' = 'writer',
  issuer = tenant.apiKey,
): Promise<Member> {
  const body = { name: `key of ${memberId.slice(-6)}`, role, memberId };
  const answer = await tenant.request('post', '/api-keys', issuer).send(body).expect(201);
  const { keyId, apiKey } = answer.body as Omit<Member, 'memberId'>;
  return { memberId, keyId, apiKey };
}

/** A new member with a key. */
export async function join(
  tenant: Tenant,
  name: string,
  { kind = 'human', role = 'writer' }: { kind?: Kind; role?: 'reader' | 'auditor' | 'writer' | 'admin' } = {},
): Promise<Member> {
  return issueMemberKey(tenant, await addMember(tenant, name, kind), role);
}

export const putGroup = (tenant: Tenant, groupKey: string, members: string[]) =>
  tenant.request('put', `/groups/${groupKey}`).send({ title: `The ${groupKey}`, members });
