import { openSuspects } from './dependency-state.decider.js';
import type { Review, RevisionInForce } from './review-state.decider.js';
import { standing } from './review-state.decider.js';
import type { SpecRow } from './spec.projection.js';
import type { RevisionInForceView, SpecSummary, SpecView } from './spec.view.js';

/** What lists say of a spec. */
export function specSummary(row: SpecRow, match?: SpecSummary['match']): SpecSummary {
  const { specId, number, title, lifecycle, version, contentHash, labels, owner, createdAt, updatedAt } = row;
  const { revision, inForce, review, suspects, holds } = standingOf(row);
  return {
    specId,
    number,
    title,
    lifecycle,
    revision,
    ...(inForce && { inForce }),
    review,
    suspects,
    holds,
    template: { key: row.templateKey, version: row.templateVersion },
    version,
    contentHash,
    labels: [...labels],
    owner,
    createdAt,
    updatedAt,
    ...(match && { match }),
  };
}

/** Where a spec stands among its revisions and reviews; a row from before reviews is that of a draft. */
export function standingOf({
  review,
}: Pick<SpecRow, 'review'>): Pick<SpecView, 'revision' | 'inForce' | 'review' | 'suspects' | 'holds'> {
  if (!review) {
    const none = { round: 0, submittedAt: null, votes: 0, openConcerns: 0 };
    return { revision: 1, review: none, suspects: [], holds: [] };
  }
  const { revision, inForce, round, submittedAt, concerns, holds = [] } = review;
  const openConcerns = concerns.filter(({ resolvedAt }) => resolvedAt === null).length;
  return {
    revision,
    ...(inForce && { inForce: inForceView(inForce, review) }),
    review: { round, submittedAt, votes: standing(review).length, openConcerns },
    suspects: openSuspects(review).map(({ specId, revision: approved, suspectedAt }) => {
      return { specId, revision: approved, since: suspectedAt };
    }),
    holds: holds.map(({ holdKey, reason, placedAt }) => ({ holdKey, reason, placedAt })),
  };
}

function inForceView(inForce: RevisionInForce, { revision, lifecycle }: Review): RevisionInForceView {
  const { voteIds: _votes, ...approved } = inForce;
  return { ...approved, lifecycle: inForce.revision === revision ? lifecycle : inForce.lifecycle };
}
