import type { ruleQualityEvents } from '../../events/rule-quality.events.js';
import type { Projection } from '../event-store/decider.js';
import { ProjectionTable } from '../event-store/projection-tables.js';
import type { RuleQualityState } from './rule-quality.decider.js';
import { countOf } from './rule-quality.decider.js';

type RuleQualityRow = {
  organizationId: string;
  ruleId: string;
  /** Findings marked wrong since the last review by people whose word counts, and how many people those are. */
  wrong: number;
  people: number;
  reviewedAt: string | null;
  streamVersion: number;
};
type FindingMarkRow = {
  organizationId: string;
  ruleId: string;
  specId: string;
  /** Empty for the spec as a whole. */
  element: string;
  actorId: string;
  actorKind: string;
  position: string;
  counts: boolean;
  reason: string;
  reportId: string;
  markedAt: string;
};

export const ruleQualityTable = new ProjectionTable<RuleQualityRow>(
  'rule_quality',
  {
    organizationId: 'uuid',
    ruleId: 'text',
    wrong: 'integer',
    people: 'integer',
    reviewedAt: 'timestamptz',
    streamVersion: 'bigint',
  },
  ['organizationId', 'ruleId'],
);

/** What each person says of a finding. */
export const findingMarkTable = new ProjectionTable<FindingMarkRow>(
  'finding_mark',
  {
    organizationId: 'uuid',
    ruleId: 'text',
    specId: 'uuid',
    element: 'text',
    actorId: 'text',
    actorKind: 'text',
    position: 'text',
    counts: 'boolean',
    reason: 'text',
    reportId: 'uuid',
    markedAt: 'timestamptz',
  },
  ['organizationId', 'ruleId', 'specId', 'element', 'actorId'],
);

export const projectRuleQuality: Projection<RuleQualityState, typeof ruleQualityEvents> = (
  state,
  { type, data },
  { organizationId, version: streamVersion, at, actor },
) => {
  if (!state) return [];
  const { ruleId, reviewedAt, marks } = state;
  const quality = ruleQualityTable.put({ organizationId, ruleId, ...countOf(marks), reviewedAt, streamVersion });
  if (type !== 'compliance.finding.marked') return [quality];
  const { specId, element, position, counts, reason, reportId } = data;
  const said = { position, counts, reason, reportId, actorId: actor.id, actorKind: actor.kind, markedAt: at };
  return [quality, findingMarkTable.put({ organizationId, ruleId, specId, element: element ?? '', ...said })];
};
