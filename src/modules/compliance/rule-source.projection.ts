import type { SourceStatement, ruleSourceEvents } from '../../events/rule-source.events.js';
import type { Projection } from '../event-store/decider.js';
import { ProjectionTable } from '../event-store/projection-tables.js';
import type { GoneStatement, RuleSourceState } from './rule-source.decider.js';

type RuleSourceRow = {
  organizationId: string;
  path: string;
  version: number;
  revision: string | null;
  blobHash: string;
  statements: readonly SourceStatement[];
  gone: readonly GoneStatement[];
  recordedAt: string;
  retiredAt: string | null;
  streamVersion: number;
};
type RuleSourceVersionRow = {
  organizationId: string;
  path: string;
  version: number;
  revision: string | null;
  blobHash: string;
  markdown: string;
  statements: readonly SourceStatement[];
  added: readonly string[];
  changed: readonly string[];
  removed: readonly string[];
  recordedAt: string;
  recordedBy: string;
};

/** Rule files as they stand. */
export const ruleSourceTable = new ProjectionTable<RuleSourceRow>(
  'rule_source',
  {
    organizationId: 'uuid',
    path: 'text',
    version: 'bigint',
    revision: 'text',
    blobHash: 'text',
    statements: 'jsonb',
    gone: 'jsonb',
    recordedAt: 'timestamptz',
    retiredAt: 'timestamptz',
    streamVersion: 'bigint',
  },
  ['organizationId', 'path'],
);

/** Every version of them, whole. */
export const ruleSourceVersionTable = new ProjectionTable<RuleSourceVersionRow>(
  'rule_source_version',
  {
    organizationId: 'uuid',
    path: 'text',
    version: 'bigint',
    revision: 'text',
    blobHash: 'text',
    markdown: 'text',
    statements: 'jsonb',
    added: 'text[]',
    changed: 'text[]',
    removed: 'text[]',
    recordedAt: 'timestamptz',
    recordedBy: 'text',
  },
  ['organizationId', 'path', 'version'],
);

export const projectRuleSource: Projection<RuleSourceState, typeof ruleSourceEvents> = (
  state,
  { type, data },
  { organizationId, version: streamVersion, at, actor },
) => {
  if (!state) return [];
  const present = ruleSourceTable.put({ ...state, organizationId, streamVersion });
  if (type !== 'compliance.source.recorded') return [present];
  return [present, ruleSourceVersionTable.put({ ...data, organizationId, recordedAt: at, recordedBy: actor.id })];
};
