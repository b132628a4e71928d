import { Injectable } from '@nestjs/common';
import { EventSchemas } from '../../events/event-schemas.js';
import type { policyEvents } from '../../events/policy.events.js';
import { Database } from '../event-store/database.js';
import type { EventOf } from '../event-store/decider.js';
import { eventContext, evolve } from '../event-store/decider.js';
import { eventColumns } from '../event-store/event-store.js';
import { inPresentSchema } from '../event-store/history.js';
import type { RecordedEvent } from '../event-store/history.js';
import { isUntil } from '../event-store/point-in-time.js';
import type { PolicyState } from './policy.decider.js';
import { policyDecider } from './policy.decider.js';
import type { PolicyView } from './policy.view.js';

const history = {
  name: 'organizations.policies-at',
  text: `select ${eventColumns} from specline.event
    where organization_id = $1 and stream_id = any (array(
      select stream_id from specline.stream where organization_id = $1 and stream_type = '${policyDecider.streamType}'))
      and ${isUntil('$2')} order by stream_id, version`,
};

/** Review policies as they stood at a time or a position of history, folded from their history. */
@Injectable()
export class PolicyAtQueries {
  constructor(
    private readonly database: Database,
    private readonly schemas: EventSchemas,
  ) {}

  /** All that there was then, by key. */
  async list(organizationId: string, at: string): Promise<PolicyView[]> {
    const states = new Map<string, PolicyState>();
    for (const stored of await this.database.query<RecordedEvent>(organizationId, history, [organizationId, at])) {
      const { type, payload, streamId } = inPresentSchema(stored, this.schemas);
      const event = { type, data: payload } as EventOf<typeof policyEvents>;
      const before = states.get(streamId) ?? policyDecider.initial;
      states.set(streamId, evolve(policyDecider, before, event, eventContext(stored)));
    }
    return [...states.values()]
      .flatMap((policy) => (policy && (policy.version > 0 || policy.proposal) ? [viewOf(policy)] : []))
      .sort((one, other) => (one.policyKey < other.policyKey ? -1 : 1));
  }
}

function viewOf({ key, version, hash, rules, decidedAt, decidedBy, retiredAt, proposal }: NonNullable<PolicyState>) {
  const view = { policyKey: key, version, hash, builtIn: false, rules, decidedAt: decidedAt || null };
  return structuredClone({ ...view, decidedBy, retiredAt, proposal }) as PolicyView;
}
