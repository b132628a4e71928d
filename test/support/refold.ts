import { isDeepStrictEqual } from 'node:util';
import { eventSchemas } from '../../src/events/event-schemas.js';
import type { Catalog, Decider, EventOf, Projection } from '../../src/modules/event-store/decider.js';
import { eventContext, evolve } from '../../src/modules/event-store/decider.js';
import type { RecordedEvent } from '../../src/modules/event-store/history.js';
import { inPresentSchema } from '../../src/modules/event-store/history.js';
import type { Row } from '../../src/modules/event-store/projection-tables.js';
import { RowSet } from '../../src/modules/event-store/projection-tables.js';
import { threadDecider } from '../../src/modules/comments/thread.decider.js';
import { projectThread } from '../../src/modules/comments/thread.projection.js';
import { complianceDecider } from '../../src/modules/compliance/compliance.decider.js';
import { projectCompliance } from '../../src/modules/compliance/compliance.projection.js';
import { rulePackDecider } from '../../src/modules/compliance/rule-pack.decider.js';
import { projectRulePack } from '../../src/modules/compliance/rule-pack.projection.js';
import { ruleQualityDecider } from '../../src/modules/compliance/rule-quality.decider.js';
import { projectRuleQuality } from '../../src/modules/compliance/rule-quality.projection.js';
import { ruleSourceDecider } from '../../src/modules/compliance/rule-source.decider.js';
import { projectRuleSource } from '../../src/modules/compliance/rule-source.projection.js';
import { waiverDecider } from '../../src/modules/compliance/waiver.decider.js';
import { projectWaiver } from '../../src/modules/compliance/waiver.projection.js';
import { organizationDecider } from '../../src/modules/organizations/organization.decider.js';
import { projectOrganization } from '../../src/modules/organizations/organization.projection.js';
import { policyDecider } from '../../src/modules/organizations/policy.decider.js';
import { projectPolicy } from '../../src/modules/organizations/policy.projection.js';
import { specDecider } from '../../src/modules/specs/spec.decider.js';
import { projectSpec } from '../../src/modules/specs/spec.projection.js';
import { templateDecider } from '../../src/modules/templates/template.decider.js';
import { projectTemplate } from '../../src/modules/templates/template.projection.js';
import { endpointDecider } from '../../src/modules/webhooks/endpoint.decider.js';
import { projectEndpoint } from '../../src/modules/webhooks/endpoint.projection.js';
import type { StoredHistory } from './stored-history.js';
import { grouped, projected } from './stored-history.js';

type Fold = (
  events: readonly RecordedEvent[],
  rows: RowSet,
  onState: (version: number, state: unknown) => void,
) => void;

const foldOf =
  <S, C extends Catalog, E extends Catalog>(decider: Decider<S, C, E>, project: Projection<S, E>): Fold =>
  (events, rows, onState) => {
    let state = decider.initial;
    for (const stored of events) {
      const recorded = inPresentSchema(stored, eventSchemas);
      const { type, payload, version } = recorded;
      const event = { type, data: payload } as EventOf<E>;
      const context = eventContext(recorded);
      state = evolve(decider, state, event, context);
      rows.apply(project(state, event, context));
      onState(version, state);
    }
  };

const folds: Record<string, Fold> = {
  organization: foldOf(organizationDecider, projectOrganization),
  review_policy: foldOf(policyDecider, projectPolicy),
  spec: foldOf(specDecider, projectSpec),
  template: foldOf(templateDecider, projectTemplate),
  thread: foldOf(threadDecider, projectThread),
  rule_source: foldOf(ruleSourceDecider, projectRuleSource),
  rule_quality: foldOf(ruleQualityDecider, projectRuleQuality),
  rule_pack: foldOf(rulePackDecider, projectRulePack),
  spec_compliance: foldOf(complianceDecider, projectCompliance),
  waiver: foldOf(waiverDecider, projectWaiver),
  webhook_endpoint: foldOf(endpointDecider, projectEndpoint),
};

/**
 * Folds every stream from nothing, and compares what comes out with the projections' rows and with the snapshots.
 * @returns findings, and what each version's content hash is by the fold
 */
export function foldAll({ events, streams, rows, snapshots }: StoredHistory): {
  findings: string[];
  contentHash: (streamId: string, version: number) => string | undefined;
} {
  const findings: string[] = [];
  const folded = new RowSet();
  const hashes = new Map<string, string | undefined>();
  const snapshotAt = new Map(snapshots.map((one) => [`${one.streamId}/${one.version}`, one]));
  const types = new Map(streams.map(({ streamId, streamType }) => [streamId, streamType]));
  for (const [streamId, own] of grouped(events, (event) => event.streamId)) {
    const type = types.get(streamId) ?? '';
    const ordered = own.sort((a, b) => a.version - b.version);
    const onState = (version: number, state: unknown) => {
      hashes.set(`${streamId}/${version}`, (state as { contentHash?: string } | null)?.contentHash);
      const snapshot = snapshotAt.get(`${streamId}/${version}`);
      if (!snapshot) return;
      snapshotAt.delete(`${streamId}/${version}`);
      const same = isDeepStrictEqual(snapshot.state, JSON.parse(JSON.stringify(state)));
      if (!same || snapshot.hash !== ordered[version - 1]?.hash) {
        findings.push(`snapshot: that of ${streamId} version ${version} is not what its events fold to`);
      }
    };
    const fold = folds[type];
    if (!fold) findings.push(`fold: nobody knows how to fold a stream of the type ${type}`);
    try {
      fold?.(ordered, folded, onState);
    } catch (error) {
      findings.push(`fold: ${streamId} cannot be folded: ${String(error)}`);
    }
  }
  for (const one of snapshotAt.keys()) findings.push(`snapshot: ${one} is of no event`);
  for (const table of projected) {
    const expected = new Map(folded.of(table).map((row) => [table.identify(row), row]));
    for (const row of rows.get(table.name) ?? []) {
      const id = table.identify(row);
      const wanted = expected.get(id);
      expected.delete(id);
      const wrong = wanted ? Object.keys(table.columns).filter((name) => differ(row, wanted, name)) : ['everything'];
      if (wrong.length > 0) findings.push(`projection: ${wrong.join(', ')} of ${id.replaceAll('\n', ' ')}`);
    }
    for (const id of expected.keys()) findings.push(`projection: ${id.replaceAll('\n', ' ')} is missing`);
  }
  return { findings, contentHash: (streamId, version) => hashes.get(`${streamId}/${version}`) };
}

const differ = (row: Row, wanted: Row, name: string): boolean =>
  !isDeepStrictEqual(row[name] ?? null, JSON.parse(JSON.stringify(wanted[name] ?? null)));
