import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { PrincipalKind, ReviewPolicy } from '../../commands/review-policy.js';
import { Database } from '../event-store/database.js';
import { handsOf, lineageOf } from './key-lineage.js';

type KeyRow = { keyId: string; holder: string; issuedBy: string; issuedAt: string; revokedAt: string | null };
type Loaded = {
  /** Moves with every change of the organization, its members, groups, keys and policies. */
  mark: string;
  policies: ReviewPolicy[] | null;
  members: { id: string; kind: PrincipalKind; groups: string[] }[] | null;
  keys: KeyRow[] | null;
  changes: { group: string | null; at: string; by: string[] }[] | null;
};

/**
 * By what, and by whom, an organization's specs are reviewed. `policies` are those in force, in the order in which they
 * are asked; `members` the present ones; `keys` all there ever were, with everybody through whose hands each came; `changes`
 * the last of each policy, retired ones too, and of each group: `by` are those who decided it, each with everybody through
 * whose hands their keys came.
 */
export type ReviewRules = {
  policies: readonly ReviewPolicy[];
  members: ReadonlyMap<string, { kind: PrincipalKind; groups: readonly string[] }>;
  keys: ReadonlyMap<string, { issuedAt: string; revokedAt: string | null; issuers: readonly string[] }>;
  changes: readonly { group: string | null; at: string; by: readonly (readonly string[])[] }[];
  /** Everybody through whose hands somebody's keys came. */
  issuersOf: (holder: string) => readonly string[];
};

const time = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const load = {
  name: 'organizations.review-rules',
  text: `select mark,
      case when mark is distinct from $2 then coalesce((
        select jsonb_agg(p.rules || jsonb_build_object('key', p.policy_key, 'version', p.version, 'hash', p.hash,
            'decidedAt', ${time('p.decided_at')}, 'decidedBy', p.decided_by)
          order by (p.rules ->> 'priority')::bigint desc, p.policy_key)
        from specline.review_policy p where p.organization_id = $1 and p.version > 0 and p.retired_at is null), '[]') end as policies,
      case when mark is distinct from $2 then coalesce((
        select jsonb_agg(jsonb_build_object('id', m.member_id, 'kind', m.kind, 'groups', (
          select coalesce(jsonb_agg(g.group_key), '[]') from specline.member_group g
          where g.organization_id = $1 and m.member_id::text = any (g.members))))
        from specline.member m where m.organization_id = $1 and m.removed_at is null), '[]') end as members,
      case when mark is distinct from $2 then coalesce((
        select jsonb_agg(jsonb_build_object('keyId', k.key_id, 'holder', coalesce(k.member_id, k.key_id), 'issuedBy', k.issued_by,
          'issuedAt', ${time('k.created_at')}, 'revokedAt', ${time('k.revoked_at')}))
        from specline.api_key k where k.organization_id = $1), '[]') end as keys,
      case when mark is distinct from $2 then coalesce((
        select jsonb_agg(c) from (
          select null as "group", ${time('coalesce(p.retired_at, p.decided_at)')} as at, p.decided_by as by
          from specline.review_policy p where p.organization_id = $1 and p.version > 0
          union all
          select g.group_key, ${time('g.changed_at')}, array[g.changed_by]
          from specline.member_group g where g.organization_id = $1 and g.changed_at is not null) c), '[]') end as changes
    from (
      select o.version || '/' || coalesce((
        select sum(p.stream_version) from specline.review_policy p where p.organization_id = $1), 0) as mark
      from specline.organization o where o.organization_id = $1) standing`,
};

/** What reviews are judged by: one query each time it is asked, which carries only what changed since the last one. */
@Injectable()
export class ReviewRulesQueries {
  private readonly known = new LRUCache<string, ReviewRules & { mark: string }>({ max: 1000 });

  constructor(private readonly database: Database) {}

  async load(organizationId: string): Promise<ReviewRules> {
    const known = this.known.get(organizationId);
    const [loaded] = await this.database.query<Loaded>(organizationId, load, [organizationId, known?.mark ?? null]);
    if (!loaded) return { policies: [], members: new Map(), keys: new Map(), changes: [], issuersOf: () => [] };
    if (known?.mark === loaded.mark) return known;
    const rules = { mark: loaded.mark, ...rulesOf(loaded) };
    this.known.set(organizationId, rules);
    return rules;
  }
}

function rulesOf({ policies, members, keys, changes }: Loaded): ReviewRules {
  const lineage = lineageOf(keys ?? []);
  return {
    policies: policies ?? [],
    issuersOf: (holder) => [...(lineage.get(holder) ?? [])],
    changes: (changes ?? []).map(({ by, ...change }) => {
      return { ...change, by: by.map((id) => [id, ...(lineage.get(id) ?? [])]) };
    }),
    members: new Map((members ?? []).map(({ id, ...member }) => [id, member])),
    keys: new Map(
      (keys ?? []).map(({ keyId, issuedBy, issuedAt, revokedAt }) => [
        keyId,
        { issuedAt, revokedAt, issuers: handsOf(issuedBy, lineage) },
      ]),
    ),
  };
}
