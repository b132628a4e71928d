import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { builtInPackKey, defaultWrongAtMost } from '../../commands/compliance-rules.js';
import { Database } from '../event-store/database.js';
import { builtInRules } from './built-in-pack.js';
import type { KnownQuality } from './rule-quality.js';
import { doubtFrom, isDoubted } from './rule-quality.js';
import type { KnownPack, KnownSource, StandingRule } from './resolve-rules.js';
import { packHashOf, resolveRules } from './resolve-rules.js';

type Loaded = {
  /** Moves with every change of the organization's rule files and packs, and of what could make a rule advisory. */
  mark: string;
  sources: KnownSource[] | null;
  packs: KnownPack[] | null;
  doubts: KnownQuality[] | null;
  changes: { at: string; by: string }[] | null;
};

/**
 * What the specs of an organization are judged by. `rules`: those of the built-in pack, then those of its own packs, by
 * key; `packHash` changes whenever a verdict could; `sources`: the rule files in force.
 */
export type OrganizationRules = {
  rules: readonly StandingRule[];
  packHash: string;
  sources: readonly { path: string }[];
  allowedIds: readonly string[];
  /** Whether it has a pack of its own that enforces anything. */
  hasOwnRules: boolean;
  /** When each pack, retired ones too, was last changed, and by whom. */
  changes: readonly { at: string; by: string }[];
};

/** The files that rules in force take their words from: the statements of others are not needed. */
const cited = `select r -> 'source' ->> 'path' from specline.rule_pack p, jsonb_array_elements(p.rules) r
  where p.organization_id = $1 and p.retired_at is null`;
const load = {
  name: 'compliance.rules',
  text: `select mark,
      case when mark is distinct from $2 then coalesce((
        select jsonb_agg(jsonb_build_object('path', s.path, 'revision', s.revision, 'blobHash', s.blob_hash,
          'retiredAt', s.retired_at) || case when s.path in (${cited}) then
            jsonb_build_object('statements', s.statements, 'gone', s.gone) else '{"statements": [], "gone": []}' end order by s.path)
        from specline.rule_source s where s.organization_id = $1), '[]') end as sources,
      case when mark is distinct from $2 then coalesce((
        select jsonb_agg(jsonb_build_object('packKey', p.pack_key, 'rules', p.rules, 'allowedIds', p.allowed_ids)
          order by p.pack_key)
        from specline.rule_pack p where p.organization_id = $1 and p.retired_at is null), '[]') end as packs,
      case when mark is distinct from $2 then coalesce(doubts, '[]') end as doubts,
      case when mark is distinct from $2 then coalesce((
        select jsonb_agg(jsonb_build_object('by', coalesce(p.retired_by, p.published_by), 'at',
          to_char(coalesce(p.retired_at, p.published_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))
        from specline.rule_pack p where p.organization_id = $1), '[]') end as changes
    from (
      select coalesce((select sum(s.stream_version) from specline.rule_source s where s.organization_id = $1), 0)
        || '/' || coalesce((select sum(p.stream_version) from specline.rule_pack p where p.organization_id = $1), 0)
        || '/' || coalesce(d.doubts::text, '') as mark, d.doubts
      from (
        select jsonb_agg(jsonb_build_object('ruleId', q.rule_id, 'wrong', q.wrong, 'people', q.people, 'findings', (
          select count(*) from specline.rule_finding f
          where f.organization_id = q.organization_id and f.rule_id = q.rule_id)) order by q.rule_id) as doubts
        from specline.rule_quality q
        where q.organization_id = $1 and q.wrong >= ${doubtFrom.wrong} and q.people >= ${doubtFrom.people}) d) standing`,
};

const builtIn: readonly StandingRule[] = builtInRules.map((rule) => {
  return { ...rule, statedSeverity: rule.severity, statementId: null, isGone: false, wrongAtMost: defaultWrongAtMost };
});

/** The rules in force: one query each time they are asked for, which carries only what changed since the last one. */
@Injectable()
export class RulesQueries {
  private readonly known = new LRUCache<string, OrganizationRules & { mark: string }>({
    maxSize: 200_000,
    sizeCalculation: ({ rules, sources, allowedIds }) => 1 + rules.length + sources.length + allowedIds.length,
  });

  constructor(private readonly database: Database) {}

  async forOrganization(organizationId: string): Promise<OrganizationRules> {
    const known = this.known.get(organizationId);
    const [loaded] = await this.database.query<Loaded>(organizationId, load, [organizationId, known?.mark ?? null]);
    if (!loaded) throw new Error('the rules of an organization are a row');
    if (known?.mark === loaded.mark) return known;
    const rules = { mark: loaded.mark, ...rulesOf(loaded) };
    this.known.set(organizationId, rules);
    return rules;
  }
}

/** What rule files, packs, and what people say of rules come to. */
export function rulesOf({ sources: known, packs, doubts, changes }: Omit<Loaded, 'mark'>): OrganizationRules {
  const doubtful = new Map((doubts ?? []).map((quality) => [quality.ruleId, quality]));
  const rules = [...builtIn, ...resolveRules(packs ?? [], known ?? [])].map((rule) =>
    isDoubted(doubtful.get(rule.ruleId), rule.wrongAtMost) ? { ...rule, severity: 'advisory' as const } : rule,
  );
  const sources = (known ?? []).flatMap(({ path, retiredAt }) => (retiredAt === null ? [{ path }] : []));
  const allowedIds = [...new Set((packs ?? []).flatMap((pack) => pack.allowedIds))].sort();
  const hasOwnRules = rules.some(({ pack, mode }) => pack !== builtInPackKey && mode === 'enforced');
  return {
    rules,
    packHash: packHashOf(rules, sources, allowedIds),
    sources,
    allowedIds,
    hasOwnRules,
    changes: changes ?? [],
  };
}
