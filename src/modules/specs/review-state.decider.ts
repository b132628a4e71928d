import type { Lifecycle } from '../../commands/lifecycle.commands.js';
import type { Position } from '../../commands/review.commands.js';
import type { lifecycleEvents, PolicyReference } from '../../events/lifecycle.events.js';
import type { overrideEvents } from '../../events/override.events.js';
import type { PartChange, reviewEvents, VoteCast } from '../../events/review.events.js';
import type { Actor, EventContext } from '../event-store/decider.js';
import type { Suspect } from './dependency-state.decider.js';
import type { Override } from './override-standing.decider.js';
import type { LegalHold } from './hold-state.decider.js';
import type { PhaseRecord } from './progress-state.decider.js';

/** What a reviewer says, as it stands. */
export type Vote = {
  voteId: string;
  position: Position;
  principal: Actor;
  /** The key that it was cast with. */
  keyId: string;
  onBehalfOf: string | null;
  contentHash: string;
  /** Keys of sections; null for the whole spec. */
  covers: readonly string[] | null;
  comment: string | null;
  conditions: readonly string[];
  /** The submission that it answered. */
  round: number;
  castAt: string;
  /** The stream version that it made. */
  version: number;
  /** Set when content changed in a way that it does not outlive; it stays outdated when that is undone. */
  outdated: { at: string; changes: readonly PartChange[] } | null;
  withdrawnAt: string | null;
};

/** A named objection, from the vote that raised it until its raiser resolves it. */
export type Concern = {
  concernId: string;
  text: string;
  raisedBy: Actor;
  raisedAt: string;
  covers: readonly string[] | null;
  resolvedAt: string | null;
  resolution: string | null;
};

/** What is approved: folding the stream up to `version` gives it. */
export type RevisionInForce = {
  revision: number;
  version: number;
  contentHash: string;
  approvedAt: string;
  policy: PolicyReference;
  voteIds: readonly string[];
  /** The override by which it was approved; null where the policy was met. */
  overrideId: string | null;
  /** Where it stood when an amendment was opened beside it. */
  lifecycle: Lifecycle;
};

/** The part of a spec's state that reviews are decided on. */
export type Review = {
  /** The stream version at which anything here last changed. */
  version: number;
  lifecycle: Lifecycle;
  /** The revision that is being written, or the one in force. */
  revision: number;
  /** The highest number that a revision ever had. */
  revisions: number;
  inForce: RevisionInForce | null;
  successorId: string | null;
  /** How often it was submitted: votes count in the round they were cast in. */
  round: number;
  /** When it was submitted last. */
  submittedAt: string | null;
  /** Who began this revision. */
  authors: readonly Actor[];
  /** Who changed the content of this revision, each once. */
  contributors: readonly Actor[];
  /** Who did so last. */
  lastEditor: Actor | null;
  /** The last vote of each principal in this revision. */
  votes: readonly Vote[];
  concerns: readonly Concern[];
  /** Of all revisions. */
  overrides: readonly Override[];
  /** Dependencies that were approved anew since; absent until the first. */
  suspects?: readonly Suspect[];
  /** What was said of phases, the last of each; absent until the first. */
  phases?: readonly PhaseRecord[];
  /** Legal holds that stand; absent until the first. */
  holds?: readonly LegalHold[];
};

/** A draft that somebody began, and nobody has said anything of. */
export const begun = (actor: Actor, version: number): Review => ({
  version,
  lifecycle: 'draft',
  revision: 1,
  revisions: 1,
  inForce: null,
  successorId: null,
  round: 0,
  submittedAt: null,
  authors: [person(actor)],
  contributors: [person(actor)],
  lastEditor: person(actor),
  votes: [],
  concerns: [],
  overrides: [],
});

/** After a change of content: most are by who made the one before, and change nothing here. */
export function edited(review: Review, { actor, version }: EventContext): Review {
  if (review.lastEditor?.id === actor.id) return review;
  const { contributors } = review;
  const known = contributors.some(({ id }) => id === actor.id);
  return {
    ...review,
    version,
    contributors: known ? contributors : [...contributors, person(actor)],
    lastEditor: person(actor),
  };
}

const person = ({ id, kind, name }: Actor): Actor => ({ id, kind, name });

/** Votes that nothing speaks against but a policy: neither withdrawn nor outdated, and of the present round. */
export const standing = ({ votes, round }: Review): readonly Vote[] =>
  votes.filter((vote) => vote.withdrawnAt === null && vote.outdated === null && vote.round === round);

/** A vote as its event says it. */
function voteOf(data: VoteCast, round: number, { at, version }: EventContext): Vote {
  const { voteId, position, onBehalfOf, contentHash, covers, comment, conditions } = data;
  const principal = { id: data.principalId, kind: data.principalKind, name: data.principalName };
  const { keyId } = data.authentication;
  const signed = { voteId, position, principal, keyId, onBehalfOf, contentHash, covers, comment, conditions };
  return { ...signed, round, castAt: at, version, outdated: null, withdrawnAt: null };
}

type State = { review: Review; updatedAt: string };
type Events = typeof lifecycleEvents & typeof reviewEvents & typeof overrideEvents;
type Evolve = {
  [T in keyof Events]: <S extends State>(
    state: S | null,
    data: InstanceType<Events[T]>,
    context: EventContext,
  ) => S | null;
};

const after = <S extends State>(
  state: S | null,
  { at, version }: EventContext,
  change: (review: Review) => Partial<Review>,
): S | null => state && { ...state, review: { ...state.review, ...change(state.review), version }, updatedAt: at };

/** What was in force stands there again, and no amendment is open. */
const backTo = (lifecycle: Lifecycle | null, elsewhere: Lifecycle, { inForce, revision }: Review): Partial<Review> => {
  return lifecycle === null ? { lifecycle: elsewhere } : { lifecycle, revision: inForce?.revision ?? revision };
};

export const evolveReview: Evolve = {
  'spec.lifecycle.submitted': (state, _, context) =>
    after(state, context, ({ round }) => ({ lifecycle: 'in_review', round: round + 1, submittedAt: context.at })),
  'spec.lifecycle.returned': (state, _, context) => after(state, context, () => ({ lifecycle: 'draft' })),
  'spec.lifecycle.approved': (state, data, context) => {
    const { version, at: approvedAt } = context;
    const inForce = { ...data, version, approvedAt, lifecycle: 'approved' as const };
    return after(state, context, ({ suspects }) => ({
      lifecycle: 'approved',
      inForce,
      ...(suspects && { suspects: [] }),
    }));
  },
  'spec.lifecycle.rejected': (state, data, context) =>
    after(state, context, (review) => backTo(data.backTo, 'rejected', review)),
  'spec.lifecycle.deferred': (state, _, context) => after(state, context, () => ({ lifecycle: 'deferred' })),
  'spec.lifecycle.withdrawn': (state, data, context) =>
    after(state, context, (review) => backTo(data.backTo, 'withdrawn', review)),
  'spec.lifecycle.reopened': (state, _, context) => after(state, context, () => ({ lifecycle: 'draft' })),
  'spec.lifecycle.amended': (state, { revision }, context) =>
    after(state, context, ({ lifecycle, inForce, concerns }) => ({
      lifecycle: 'draft',
      revision,
      revisions: revision,
      inForce: inForce && { ...inForce, lifecycle },
      submittedAt: null,
      authors: [person(context.actor)],
      contributors: [],
      lastEditor: null,
      votes: [],
      concerns: concerns.filter(({ resolvedAt }) => resolvedAt === null),
    })),
  'spec.lifecycle.started': (state, _, context) => after(state, context, () => ({ lifecycle: 'in_implementation' })),
  'spec.lifecycle.completed': (state, _, context) => after(state, context, () => ({ lifecycle: 'implemented' })),
  'spec.lifecycle.superseded': (state, { successorId }, context) =>
    after(state, context, () => ({ lifecycle: 'superseded', successorId })),
  'spec.lifecycle.deprecated': (state, _, context) => after(state, context, () => ({ lifecycle: 'deprecated' })),
  'spec.lifecycle.archived': (state, _, context) => after(state, context, () => ({ lifecycle: 'archived' })),

  'spec.vote.cast': (state, data, context) =>
    after(state, context, ({ votes, concerns, round }) => {
      const vote = voteOf(data, round, context);
      const { principal: raisedBy, covers } = vote;
      const raised = { concernId: data.voteId, text: data.comment ?? '', raisedBy, raisedAt: context.at, covers };
      const open = { ...raised, resolvedAt: null, resolution: null };
      return {
        votes: [...votes.filter(({ principal }) => principal.id !== raisedBy.id), vote],
        ...(data.position === 'concern' && { concerns: [...concerns, open] }),
      };
    }),
  'spec.vote.withdrawn': (state, { voteId }, context) =>
    after(state, context, ({ votes }) => ({
      votes: votes.map((vote) => (vote.voteId === voteId ? { ...vote, withdrawnAt: context.at } : vote)),
    })),
  'spec.vote.outdated': (state, { voteIds, changes }, context) =>
    after(state, context, ({ votes }) => ({
      votes: votes.map((vote) =>
        voteIds.includes(vote.voteId) ? { ...vote, outdated: { at: context.at, changes } } : vote,
      ),
    })),
  'spec.concern.resolved': (state, { concernId, resolution }, context) =>
    after(state, context, ({ concerns }) => ({
      concerns: concerns.map((concern) =>
        concern.concernId === concernId ? { ...concern, resolvedAt: context.at, resolution } : concern,
      ),
    })),

  'spec.override.used': (state, { contentHash: _read, policy: _policy, authentication: _key, ...data }, context) =>
    after(state, context, ({ overrides }) => {
      const unreviewed = { reviewedBy: null, reviewedAt: null, upheld: null, conclusion: null };
      const used = { ...data, usedBy: person(context.actor), usedAt: context.at, ...unreviewed };
      return { overrides: [...overrides, used] };
    }),
  'spec.override.reviewed': (state, { overrideId, upheld, conclusion }, context) =>
    after(state, context, ({ overrides }) => {
      const reviewed = { reviewedBy: person(context.actor), reviewedAt: context.at, upheld, conclusion };
      return {
        overrides: overrides.map((one) => (one.overrideId === overrideId ? { ...one, ...reviewed } : one)),
      };
    }),
};
