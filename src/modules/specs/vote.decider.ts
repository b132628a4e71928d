import { Refusal } from '../../commands/refusals.js';
import type { CastVote, ResolveConcern, WithdrawVote } from '../../commands/review.commands.js';
import { meanings } from '../../commands/review.commands.js';
import { withApproval } from './approval.decider.js';
import type { Check } from './checks.decider.js';
import { check, mustPass } from './checks.decider.js';
import type { SpecEvent } from './differences.decider.js';
import { mustExist } from './document.decider.js';
import type { Review } from './review-state.decider.js';
import type { Spec, SpecState } from './spec-state.decider.js';
import { sectionsContentHash } from './spec-state.decider.js';

/** Says what somebody thinks of exactly this content; it approves the spec where the policy is met by it. */
export function castVote(state: SpecState, command: CastVote): SpecEvent[] {
  const spec = mustExist(state);
  mustPass(voteChecks(spec, command));
  const { caller, voteId, position, contentHash, sections, comment, conditions, onBehalfOf } = command;
  const { id, kind, name } = caller.actor;
  const data = {
    voteId,
    position,
    meaning: meanings[position],
    revision: spec.review.revision,
    contentHash,
    covers: sections ? [...sections] : null,
    comment: comment ?? null,
    conditions: conditions ?? [],
    principalId: id,
    principalKind: kind,
    principalName: name,
    onBehalfOf: onBehalfOf ?? null,
    authentication: { method: 'api_key' as const, keyId: caller.keyId ?? id },
  };
  return withApproval(spec, [{ type: 'spec.vote.cast', data }], command);
}

/** Takes a vote back; only who cast it can. */
export function withdrawVote(state: SpecState, command: WithdrawVote): SpecEvent[] {
  const spec = mustExist(state);
  const { voteId } = command;
  const vote = spec.review.votes.find((one) => one.voteId === voteId);
  if (!vote) throw new Refusal('not_found', 'The revision has no such vote; one that was replaced is over already.');
  mustPass(withdrawalChecks(spec, command));
  return vote.withdrawnAt === null ? [{ type: 'spec.vote.withdrawn', data: { voteId } }] : [];
}

/** Says that a concern is settled; it approves the spec where nothing else stood in the way. */
export function resolveConcern(state: SpecState, command: ResolveConcern): SpecEvent[] {
  const spec = mustExist(state);
  const { concernId, resolution } = command;
  const concern = spec.review.concerns.find((one) => one.concernId === concernId);
  if (!concern) throw new Refusal('not_found', 'The revision has no such concern.');
  mustPass(resolutionChecks(spec, command));
  if (concern.resolvedAt !== null) return [];
  return withApproval(spec, [{ type: 'spec.concern.resolved', data: { concernId, resolution } }], command);
}

const reviewOpen = ({ review: { lifecycle } }: Spec): Check => {
  const wrong = `The spec is ${lifecycle}: votes are cast while it is in review.`;
  return check(
    'review_open',
    'review_not_open',
    'The spec is in review.',
    lifecycle === 'in_review' ? undefined : wrong,
    { lifecycle },
  );
};

/** Every condition of a vote, in the order in which they refuse it. */
export function voteChecks(spec: Spec, command: CastVote): Check[] {
  const { position, comment, conditions, sections } = command;
  const unknown = sections?.find((key) => !spec.sections.some((section) => section.key === key));
  const explains = position === 'concern' || position === 'request_information';
  const conditional = position === 'approve_with_conditions';
  return [
    reviewOpen(spec),
    field(
      'sections',
      'sections_known',
      'Its sections are sections of the spec.',
      unknown && `The spec has no section "${unknown}".`,
    ),
    check(
      'content_as_read',
      'content_changed',
      'The content is the one that was read.',
      isAsRead(spec, command) ? undefined : 'The content has another hash than the one that was read: read it again.',
      { contentHash: spec.contentHash },
    ),
    field(
      'comment',
      'comment_given',
      'It says what there is to say.',
      explains && comment === undefined ? `The position ${position} needs a comment.` : undefined,
    ),
    field(
      'conditions',
      'conditions_given',
      'Conditions stand where they belong.',
      conditional === (conditions !== undefined)
        ? undefined
        : 'Conditions go with approve_with_conditions, and only there.',
    ),
  ];
}

export const withdrawalChecks = (spec: Spec, { voteId, caller }: WithdrawVote): Check[] => [
  reviewOpen(spec),
  own('own_vote', 'Only who cast a vote can take it back.', voterOf(spec.review, voteId), caller.actor.id),
];

export const resolutionChecks = (spec: Spec, { concernId, caller }: ResolveConcern): Check[] => [
  reviewOpen(spec),
  own('own_concern', 'Only who raised a concern can resolve it.', raiserOf(spec.review, concernId), caller.actor.id),
];

const own = (guard: string, rule: string, owner: string | undefined, asking: string): Check =>
  check(guard, 'not_permitted', rule, owner === asking ? undefined : rule);

const voterOf = ({ votes }: Review, id: string) => votes.find(({ voteId }) => voteId === id)?.principal.id;
const raiserOf = ({ concerns }: Review, id: string) => concerns.find(({ concernId }) => concernId === id)?.raisedBy.id;

function isAsRead(spec: Spec, { contentHash, sections: keys }: CastVote): boolean {
  if (!keys) return contentHash === spec.contentHash;
  return contentHash === sectionsContentHash(spec.sections.filter(({ key }) => keys.includes(key)));
}

const field = (name: string, guard: string, rule: string, wrong: string | undefined): Check =>
  check(guard, 'validation_failed', rule, wrong, {
    errors: [{ pointer: `/${name}`, code: guard, message: wrong ?? '' }],
  });
