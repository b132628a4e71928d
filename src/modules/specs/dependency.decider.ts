import type { dependencyCommands } from '../../commands/dependency.commands.js';
import { Refusal } from '../../commands/refusals.js';
import type { specEvents } from '../../events/spec.events.js';
import type { Decider } from '../event-store/decider.js';
import { mustExist } from './document.decider.js';
import type { SpecState } from './spec-state.decider.js';

type Rules = Decider<SpecState, typeof dependencyCommands, typeof specEvents>['decide'];

/** What becomes of a spec when one that it depends on gets a new approved revision. */
export const dependencyRules: Rules = {
  'spec.dependency.suspect': (state, { caller, relatedSpecId, revision, contentHash, approvedAt }) => {
    const { relations, review } = mustExist(state);
    if (caller.actor.kind !== 'system') throw new Refusal('not_permitted', 'Only the system says so.');
    const depends = relations.some(({ type, specId }) => type === 'depends_on' && specId === relatedSpecId);
    const known = review.suspects?.find(({ specId }) => specId === relatedSpecId);
    // It may be told late, and twice: what was approved or confirmed with that revision at hand stays so.
    const isOld =
      (known !== undefined && known.revision >= revision) ||
      (review.inForce !== null && Date.parse(review.inForce.approvedAt) >= Date.parse(approvedAt));
    if (!depends || isOld) return [];
    return [{ type: 'spec.dependency.suspected', data: { relatedSpecId, revision, contentHash, approvedAt } }];
  },
  'spec.dependency.confirm': (state, { relatedSpecId, revision, conclusion }) => {
    const suspect = mustExist(state).review.suspects?.find(({ specId }) => specId === relatedSpecId);
    if (!suspect) throw new Refusal('not_found', 'Nothing about that dependency waits to be confirmed.');
    if (suspect.revision !== revision) {
      const detail = `Revision ${suspect.revision} of the other spec is in force: read that one.`;
      throw new Refusal('content_changed', detail, { revision: suspect.revision });
    }
    if (suspect.confirmedAt !== null) return [];
    return [{ type: 'spec.dependency.confirmed', data: { relatedSpecId, revision, conclusion } }];
  },
};
