import { Injectable } from '@nestjs/common';
import { builtInPackKey, defaultWrongAtMost, packContentHash } from '../../commands/compliance-rules.js';
import type { PackRule } from '../../commands/compliance-rules.js';
import { Refusal } from '../../commands/refusals.js';
import { Database } from '../event-store/database.js';
import { builtInRules } from './built-in-pack.js';
import type {
  PackRuleView,
  RulePackList,
  RulePackVersionList,
  RulePackVersionView,
  RulePackView,
} from './rule-pack.view.js';

const time = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const versionsInPage = 100;

const columns = `p.pack_key as "packKey", p.version, p.hash, p.title, p.rules, p.allowed_ids as "allowedIds",
  ${time('p.published_at')} as "publishedAt", p.published_by as "publishedBy"`;
const packs = {
  name: 'rule-packs.all',
  text: `select ${columns}, false as "builtIn", jsonb_array_length(p.rules) as "ruleCount",
      ${time('p.retired_at')} as "retiredAt", p.stream_version as tag
    from specline.rule_pack p where p.organization_id = $1 and ($2::text is null or p.pack_key = $2) order by p.pack_key`,
};
const versions = {
  name: 'rule-packs.versions',
  text: `select ${columns}, p.reason, p.added, p.changed, p.removed
    from specline.rule_pack_version p
    where p.organization_id = $1 and p.pack_key = $2 and ($3::bigint is null or p.version <= $3)
    order by p.version desc limit ${versionsInPage}`,
};

type Found = RulePackView & { tag: number };

/** Rule packs as they are shown. */
@Injectable()
export class RulePackQueries {
  constructor(private readonly database: Database) {}

  async list(organizationId: string): Promise<RulePackList> {
    const own = await this.database.query<Found>(organizationId, packs, [organizationId, null]);
    const items = [builtIn, ...own.map(({ tag: _, ...pack }) => pack)];
    return {
      items: items.map(({ rules: _rules, allowedIds: _ids, ...summary }) => summary),
      page: { next: null },
    };
  }

  /** A pack with its tag; the built-in one has none. */
  async one(organizationId: string, packKey: string): Promise<{ view: RulePackView; tag: number }> {
    if (packKey === builtInPackKey) return { view: builtIn, tag: builtIn.version };
    const [found] = await this.database.query<Found>(organizationId, packs, [organizationId, packKey]);
    if (!found) throw new Refusal('not_found', 'There is no such rule pack.');
    const { tag, ...view } = found;
    return { view, tag };
  }

  /** The last 100 versions from one on, newest first. */
  async versions(organizationId: string, packKey: string, from?: number): Promise<RulePackVersionList> {
    const values = [organizationId, packKey, from ?? null];
    const items = await this.database.query<RulePackVersionView>(organizationId, versions, values);
    if (items.length === 0) throw new Refusal('not_found', 'There is no such rule pack, or no such version.');
    return { items, page: { next: null } };
  }
}

const rules = builtInRules.map((rule): PackRule => {
  const { statement, severity, evaluator, check, applies, owner, recommendation, mode } = rule;
  const key = rule.ruleId.slice(builtInPackKey.length + 1);
  const judged = { severity, evaluator, check, applies, owner, recommendation, mode };
  return { key, source: null, statement, ...judged, wrongAtMost: defaultWrongAtMost };
});
const content = { title: 'What the template asks', rules, allowedIds: [] };
const builtIn: RulePackView = {
  packKey: builtInPackKey,
  version: 1,
  hash: packContentHash(builtInPackKey, content),
  ...content,
  rules: rules.map((rule) => structuredClone(rule) as PackRuleView),
  builtIn: true,
  ruleCount: rules.length,
  ...{ publishedAt: null, publishedBy: null, retiredAt: null },
};
