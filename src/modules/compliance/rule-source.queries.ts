import { Injectable } from '@nestjs/common';
import { Refusal } from '../../commands/refusals.js';
import type { SourceStatement } from '../../events/rule-source.events.js';
import { Database } from '../event-store/database.js';
import type {
  RuleSourceList,
  RuleSourceSummary,
  RuleSourceVersionList,
  RuleSourceVersionView,
  RuleSourceView,
} from './rule-source.view.js';

const time = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const versionsInPage = 100;

const summary = `s.path, s.version, s.revision, s.blob_hash as "blobHash",
  jsonb_array_length(s.statements) as "statementCount", ${time('s.recorded_at')} as "recordedAt"`;
const list = {
  name: 'rule-sources.list',
  text: `select ${summary}, ${time('s.retired_at')} as "retiredAt"
    from specline.rule_source s where s.organization_id = $1 order by s.path`,
};
const one = {
  name: 'rule-sources.one',
  text: `select ${summary}, ${time('s.retired_at')} as "retiredAt", s.statements, s.gone, v.markdown,
      s.stream_version as tag
    from specline.rule_source s join specline.rule_source_version v using (organization_id, path, version)
    where s.organization_id = $1 and s.path = $2`,
};
/** Each with the statements of the version before, that what was changed or removed can be shown. */
const versions = {
  name: 'rule-sources.versions',
  text: `select ${summary}, s.recorded_by as "recordedBy", s.statements, s.added, s.changed, s.removed,
      coalesce(b.statements, '[]') as before
    from specline.rule_source_version s left join specline.rule_source_version b
      on b.organization_id = s.organization_id and b.path = s.path and b.version = s.version - 1
    where s.organization_id = $1 and s.path = $2 and ($3::bigint is null or s.version <= $3)
    order by s.version desc limit ${versionsInPage}`,
};
const inForce = {
  name: 'rule-sources.statements',
  text: `select s.path, jsonb_path_query_array(s.statements, '$[*].statementId') as ids
    from specline.rule_source s where s.organization_id = $1 and s.path = any ($2) and s.retired_at is null`,
};

type Version = Omit<RuleSourceVersionView, 'added' | 'changed' | 'removed'> &
  Record<'added' | 'changed' | 'removed', string[]> &
  Record<'statements' | 'before', SourceStatement[]>;

/** Rule files as they are shown. */
@Injectable()
export class RuleSourceQueries {
  constructor(private readonly database: Database) {}

  async list(organizationId: string): Promise<RuleSourceList> {
    const items = await this.database.query<RuleSourceSummary>(organizationId, list, [organizationId]);
    return { items, page: { next: null } };
  }

  /** As it stands, its text byte for byte, and its tag. */
  async one(organizationId: string, path: string): Promise<{ view: RuleSourceView; markdown: string; tag: number }> {
    type Found = RuleSourceView & { markdown: string; tag: number };
    const [found] = await this.database.query<Found>(organizationId, one, [organizationId, path]);
    if (!found) throw new Refusal('not_found', 'There is no such rule file.');
    const { markdown, tag, ...view } = found;
    return { view, markdown, tag };
  }

  /** The last 100 versions from one on, newest first. */
  async versions(organizationId: string, path: string, from?: number): Promise<RuleSourceVersionList> {
    const values = [organizationId, path, from ?? null];
    const found = await this.database.query<Version>(organizationId, versions, values);
    if (found.length === 0) throw new Refusal('not_found', 'There is no such rule file, or no such version.');
    return { items: found.map(withStatements), page: { next: null } };
  }

  /** The ids of the statements that these files have, those in force; by path. */
  async statements(organizationId: string, paths: readonly string[]): Promise<Map<string, ReadonlySet<string>>> {
    if (paths.length === 0) return new Map();
    type Found = { path: string; ids: string[] };
    const found = await this.database.query<Found>(organizationId, inForce, [organizationId, paths]);
    return new Map(found.map(({ path, ids }) => [path, new Set(ids)]));
  }
}

function withStatements({ statements, before, added, changed, removed, ...version }: Version): RuleSourceVersionView {
  const now = new Map(statements.map((statement) => [statement.statementId, statement]));
  const then = new Map(before.map((statement) => [statement.statementId, statement]));
  return {
    ...version,
    added: added.flatMap((id) => now.get(id) ?? []),
    changed: changed.flatMap((id) => {
      const [statement, earlier] = [now.get(id), then.get(id)];
      return statement && earlier ? [{ ...statement, before: earlier.text }] : [];
    }),
    removed: removed.flatMap((id) => then.get(id) ?? []),
  };
}
