import { Injectable } from '@nestjs/common';
import { rulePackStream } from '../../commands/rule-pack.commands.js';
import { ruleQualityStream } from '../../commands/rule-quality.commands.js';
import { ruleSourceStream } from '../../commands/rule-source.commands.js';
import { EventSchemas } from '../../events/event-schemas.js';
import { Database } from '../event-store/database.js';
import type { Catalog, Decider, EventOf } from '../event-store/decider.js';
import { evolve } from '../event-store/decider.js';
import { eventColumns } from '../event-store/event-store.js';
import type { RecordedEvent } from '../event-store/history.js';
import { inPresentSchema } from '../event-store/history.js';
import type { OrganizationRules } from './compliance-rules.queries.js';
import { rulesOf } from './compliance-rules.queries.js';
import { rulePackDecider } from './rule-pack.decider.js';
import type { KnownQuality } from './rule-quality.js';
import { doubtFrom } from './rule-quality.js';
import type { RuleQuality } from './rule-quality.decider.js';
import { countOf, ruleQualityDecider } from './rule-quality.decider.js';
import { ruleSourceDecider } from './rule-source.decider.js';

/** All that there ever was has a row, what was retired too: each name leads to its stream. */
const names = {
  name: 'compliance.rule-streams',
  text: `select array(select pack_key from specline.rule_pack where organization_id = $1) as packs,
    array(select path from specline.rule_source where organization_id = $1) as sources,
    array(select rule_id from specline.rule_quality where organization_id = $1) as rules`,
};
const history = {
  name: 'compliance.rules-at',
  text: `select ${eventColumns} from specline.event
    where organization_id = $1 and stream_id = any ($2::uuid[]) and recorded_at <= $3 order by stream_id, version`,
};
const findings = {
  name: 'compliance.findings-at',
  text: `select f.rule_id as "ruleId", count(*)::int as findings from specline.rule_finding f
      join specline.compliance_report r on r.organization_id = f.organization_id and r.report_id = f.first_report_id
    where f.organization_id = $1 and f.rule_id = any ($2) and r.issued_at <= $3 group by f.rule_id`,
};

type Names = { packs: string[]; sources: string[]; rules: string[] };

/** The rules that specs were judged by at a time, folded from the history of packs, rule files and marks. */
@Injectable()
export class RulesAtQueries {
  constructor(
    private readonly database: Database,
    private readonly schemas: EventSchemas,
  ) {}

  /** With the built-in rules of the program that runs now: which ones an earlier program had is in no history. */
  async forOrganization(organizationId: string, at: string): Promise<OrganizationRules> {
    const [known] = await this.database.query<Names>(organizationId, names, [organizationId]);
    if (!known) throw new Error("the names of an organization's rules are a row");
    const streams = {
      packs: known.packs.sort().map((key) => rulePackStream(organizationId, key)),
      sources: known.sources.sort().map((path) => ruleSourceStream(organizationId, path)),
      quality: known.rules.sort().map((ruleId) => ruleQualityStream(organizationId, ruleId)),
    };
    const ids = Object.values(streams).flat();
    const stored = await this.database.query<RecordedEvent>(organizationId, history, [organizationId, ids, at]);
    const events = byStream(stored);
    const quality = this.states(ruleQualityDecider, streams.quality, events);
    return rulesOf({
      packs: this.states(rulePackDecider, streams.packs, events).flatMap(({ key: packKey, retiredAt, ...pack }) =>
        retiredAt === null ? [{ ...pack, packKey }] : [],
      ),
      sources: this.states(ruleSourceDecider, streams.sources, events),
      doubts: await this.doubts(organizationId, quality, at),
      changes: null,
    });
  }

  private states<S, C extends Catalog, E extends Catalog>(
    decider: Decider<S, C, E>,
    streams: readonly string[],
    events: ReadonlyMap<string, readonly RecordedEvent[]>,
  ): NonNullable<S>[] {
    return streams.flatMap((id) => {
      const state = (events.get(id) ?? []).reduce((before, stored) => {
        const { type, payload, ...where } = inPresentSchema(stored, this.schemas);
        const context = { ...where, at: stored.recordedAt, actor: stored.metadata.actor };
        return evolve(decider, before, { type, data: payload } as EventOf<E>, context);
      }, decider.initial);
      return state === null || state === undefined ? [] : [state];
    });
  }

  private async doubts(organizationId: string, rules: readonly RuleQuality[], at: string): Promise<KnownQuality[]> {
    const marked = rules.map((rule) => ({ ...rule, ...countOf(rule.marks) }));
    const doubtful = marked.filter(({ wrong, people }) => wrong >= doubtFrom.wrong && people >= doubtFrom.people);
    if (doubtful.length === 0) return [];
    const values = [organizationId, doubtful.map(({ ruleId }) => ruleId), at];
    type Counted = { ruleId: string; findings: number };
    const counted = await this.database.query<Counted>(organizationId, findings, values);
    const of = new Map(counted.map((one) => [one.ruleId, one.findings]));
    return doubtful.map(({ ruleId, wrong, people, reviewedAt }) => {
      return { ruleId, wrong, people, reviewedAt, findings: of.get(ruleId) ?? 0 };
    });
  }
}

function byStream(events: readonly RecordedEvent[]): Map<string, RecordedEvent[]> {
  const streams = new Map<string, RecordedEvent[]>();
  for (const event of events) streams.set(event.streamId, [...(streams.get(event.streamId) ?? []), event]);
  return streams;
}
