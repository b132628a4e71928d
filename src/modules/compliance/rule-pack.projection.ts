import type { PackRule } from '../../commands/compliance-rules.js';
import type { rulePackEvents } from '../../events/rule-pack.events.js';
import type { Projection } from '../event-store/decider.js';
import { ProjectionTable } from '../event-store/projection-tables.js';
import type { RulePackState } from './rule-pack.decider.js';

type RulePackRow = {
  organizationId: string;
  packKey: string;
  version: number;
  hash: string;
  title: string;
  rules: readonly PackRule[];
  allowedIds: readonly string[];
  publishedAt: string;
  publishedBy: string;
  retiredAt: string | null;
  retiredBy: string | null;
  streamVersion: number;
};
type RulePackVersionRow = {
  organizationId: string;
  packKey: string;
  version: number;
  hash: string;
  title: string;
  rules: readonly PackRule[];
  allowedIds: readonly string[];
  reason: string;
  added: readonly string[];
  changed: readonly string[];
  removed: readonly string[];
  publishedAt: string;
  publishedBy: string;
};

/** Rule packs as they stand. */
export const rulePackTable = new ProjectionTable<RulePackRow>(
  'rule_pack',
  {
    organizationId: 'uuid',
    packKey: 'text',
    version: 'bigint',
    hash: 'text',
    title: 'text',
    rules: 'jsonb',
    allowedIds: 'text[]',
    publishedAt: 'timestamptz',
    publishedBy: 'text',
    retiredAt: 'timestamptz',
    retiredBy: 'text',
    streamVersion: 'bigint',
  },
  ['organizationId', 'packKey'],
);

/** Every version of them. */
export const rulePackVersionTable = new ProjectionTable<RulePackVersionRow>(
  'rule_pack_version',
  {
    organizationId: 'uuid',
    packKey: 'text',
    version: 'bigint',
    hash: 'text',
    title: 'text',
    rules: 'jsonb',
    allowedIds: 'text[]',
    reason: 'text',
    added: 'text[]',
    changed: 'text[]',
    removed: 'text[]',
    publishedAt: 'timestamptz',
    publishedBy: 'text',
  },
  ['organizationId', 'packKey', 'version'],
);

export const projectRulePack: Projection<RulePackState, typeof rulePackEvents> = (
  state,
  { type, data },
  { organizationId, version: streamVersion, at, actor },
) => {
  if (!state) return [];
  const { key: packKey, ...rest } = state;
  const present = rulePackTable.put({ ...rest, organizationId, packKey, streamVersion });
  if (type !== 'compliance.pack.published') return [present];
  return [present, rulePackVersionTable.put({ ...data, organizationId, publishedAt: at, publishedBy: actor.id })];
};
