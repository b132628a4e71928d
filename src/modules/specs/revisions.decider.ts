import type { lifecycleEvents, PolicyReference } from '../../events/lifecycle.events.js';
import type { EventOf } from '../event-store/decider.js';

export const revisionStandings = [
  'draft',
  'in_review',
  'deferred',
  'approved',
  'in_implementation',
  'implemented',
  'superseded',
  'deprecated',
  'archived',
  'replaced',
  'rejected',
  'withdrawn',
] as const;

/** One numbered revision of a spec. */
export type Revision = {
  revision: number;
  standing: (typeof revisionStandings)[number];
  /** The version of the stream that the approval made, and what was approved; null before. */
  version: number | null;
  contentHash: string | null;
  submittedAt: string | null;
  approvedAt: string | null;
  policy?: PolicyReference;
};

export type LifecycleEvent = EventOf<typeof lifecycleEvents> & { version: number; at: string };

const begun = (revision: number): Revision => ({
  revision,
  standing: 'draft',
  ...{ version: null, contentHash: null, submittedAt: null, approvedAt: null },
});

/** The revisions that the events of a spec's lifecycle tell of, oldest first; there is always the first. */
export function revisionsOf(events: readonly LifecycleEvent[]): Revision[] {
  const revisions = [begun(1)];
  let present = 1;
  let inForce: number | undefined;
  const put = (revision: number | undefined, change: Partial<Revision>) => {
    const at = revisions.findIndex((one) => one.revision === revision);
    const found = revisions[at];
    if (found) revisions[at] = { ...found, ...change };
  };
  /** An amendment that came to nothing: what is in force is the present one again. */
  const end = (standing: 'rejected' | 'withdrawn', isAmendment: boolean) => {
    put(present, { standing });
    if (isAmendment && inForce !== undefined) present = inForce;
  };
  for (const { type, data, version, at } of events) {
    if (type === 'spec.lifecycle.amended') {
      revisions.push(begun(data.revision));
      present = data.revision;
    } else if (type === 'spec.lifecycle.submitted') put(present, { standing: 'in_review', submittedAt: at });
    else if (type === 'spec.lifecycle.approved') {
      if (inForce !== undefined) put(inForce, { standing: 'replaced' });
      const { revision, contentHash, policy } = data;
      put(revision, { standing: 'approved', version, contentHash, approvedAt: at, policy });
      inForce = revision;
    } else if (type === 'spec.lifecycle.rejected') end('rejected', data.backTo !== null);
    else if (type === 'spec.lifecycle.withdrawn') end('withdrawn', data.backTo !== null);
    else put(present, { standing: standingAfter[type] });
  }
  return revisions;
}

const standingAfter = {
  'spec.lifecycle.returned': 'draft',
  'spec.lifecycle.reopened': 'draft',
  'spec.lifecycle.deferred': 'deferred',
  'spec.lifecycle.started': 'in_implementation',
  'spec.lifecycle.completed': 'implemented',
  'spec.lifecycle.superseded': 'superseded',
  'spec.lifecycle.deprecated': 'deprecated',
  'spec.lifecycle.archived': 'archived',
} as const;
