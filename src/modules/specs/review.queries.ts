import { Injectable } from '@nestjs/common';
import type { ReviewPolicy } from '../../commands/review-policy.js';
import { Refusal } from '../../commands/refusals.js';
import { meanings } from '../../commands/review.commands.js';
import type { Principal } from '../auth/principal.js';
import { actorOf } from '../auth/principal.js';
import { PersonalData } from '../event-store/personal-data.js';
import type { Actor } from '../event-store/decider.js';
import { PolicyQueries } from '../organizations/policy.queries.js';
import type { Guarded } from './guards.decider.js';
import { checksOf, judgementOf } from './guards.decider.js';
import type { Judgement } from './judgement.decider.js';
import { ReviewFactsReader } from './review-facts.js';
import type { Reviewed } from './review-facts.js';
import type { Review, Vote } from './review-state.decider.js';
import type {
  ApprovabilityAsked,
  ApprovabilityView,
  ConcernView,
  standings,
  TransitionList,
  VoteList,
  VoteView,
} from './review.view.js';
import type { SpecMoment } from './spec-list.view.js';
import { isNow, SpecPageQueries } from './spec-page.queries.js';
import type { Transition } from './transitions.decider.js';
import { transitionNames, transitions } from './transitions.decider.js';

type Subject = Guarded & Reviewed;

/** Guards about what comes with the request: without one there is nothing to say of them. */
const aboutTheRequest = ['reason_given', 'phases_shown', 'successor_links_back', 'successor_approved'];

/** How a spec stands in its lifecycle and its review, for whoever asks. */
@Injectable()
export class ReviewQueries {
  constructor(
    private readonly specs: SpecPageQueries,
    private readonly facts: ReviewFactsReader,
    private readonly personal: PersonalData,
    private readonly policies: PolicyQueries,
  ) {}

  /** Every transition: whether the caller may make it now, and if not, why. */
  async transitions(organizationId: string, specId: string, principal?: Principal): Promise<TransitionList> {
    const spec = await this.spec(organizationId, specId);
    const facts = await this.facts.transition(organizationId, specId, spec, transitionNames);
    const caller = asking(principal);
    const items = transitions.map((transition) => {
      const checks = checksOf({ transition, spec, specId, caller, facts });
      const unmet = checks.filter(({ met, guard }) => !met && !aboutTheRequest.includes(guard));
      const needsReason = checks.some(({ met, guard }) => guard === 'reason_given' && !met);
      return {
        name: transition.name,
        to: transition.to,
        allowed: unmet.length === 0,
        takes: [...(needsReason ? ['reason'] : []), ...inputsOf(transition)],
        unmet: unmet.map(({ guard, met, code, sentence }) => ({ guard, met, code, sentence })),
      };
    });
    return { lifecycle: spec.review.lifecycle, items, page: { next: null } };
  }

  /** What is missing until the spec is approved, and who can supply it. */
  async approvability(
    organizationId: string,
    specId: string,
    { policy, proposed }: ApprovabilityAsked,
    principal?: Principal,
  ): Promise<ApprovabilityView> {
    const tried = policy && (await this.policies.toTry(organizationId, policy, proposed === 'true'));
    const { spec, judgement } = await this.judged(organizationId, specId, principal, tried || undefined);
    const { lifecycle, revision } = spec.review;
    const { voteIds: _votes, ...rest } = judgement;
    return structuredClone({ lifecycle, revision, contentHash: spec.contentHash, ...rest }) as ApprovabilityView;
  }

  /**
   * The last vote of each principal in the revision, with its standing, and the concerns. Of an earlier moment the
   * standing is what the spec's history says: what policies and memberships made of it then is with the approval.
   */
  async votes(
    organizationId: string,
    specId: string,
    principal?: Principal,
    moment: SpecMoment = {},
  ): Promise<VoteList> {
    const { spec, judgement } = isNow(moment)
      ? await this.judged(organizationId, specId, principal)
      : { spec: await this.spec(organizationId, specId, moment), judgement: { requirements: [] } };
    const { votes, concerns } = spec.review;
    const [principals, raisers, sponsors] = await Promise.all([
      this.named(
        organizationId,
        votes.map(({ principal }) => principal),
      ),
      this.named(
        organizationId,
        concerns.map(({ raisedBy }) => raisedBy),
      ),
      this.personal.reveal(
        organizationId,
        votes.map(({ onBehalfOf }) => ({ onBehalfOf })),
        ['onBehalfOf'],
      ),
    ]);
    const items = votes.map((vote, at): VoteView => ({
      voteId: vote.voteId,
      position: vote.position,
      meaning: meanings[vote.position],
      principal: principals[at] ?? vote.principal,
      onBehalfOf: sponsors[at]?.onBehalfOf ?? null,
      keyId: vote.keyId,
      contentHash: vote.contentHash,
      sections: vote.covers && [...vote.covers],
      comment: vote.comment,
      conditions: [...vote.conditions],
      round: vote.round,
      castAt: vote.castAt,
      ...standingOf(vote, spec.review, judgement),
      outdatedAt: vote.outdated?.at ?? null,
      outdatedBy: [...(vote.outdated?.changes ?? [])],
    }));
    const objections = concerns.map((concern, at): ConcernView => {
      const { concernId, text, raisedAt, resolvedAt, resolution } = concern;
      return { concernId, text, raisedBy: raisers[at] ?? concern.raisedBy, raisedAt, resolvedAt, resolution };
    });
    return { items, concerns: objections, page: { next: null } };
  }

  /**
   * One of those votes.
   * @throws Refusal `not_found` where the revision has no such vote, or its voter has cast another one since
   */
  async vote(organizationId: string, specId: string, voteId: string, principal?: Principal): Promise<VoteView> {
    const { items } = await this.votes(organizationId, specId, principal);
    const vote = items.find((one) => one.voteId === voteId);
    if (!vote) throw new Refusal('not_found', 'The revision has no such vote, or it was replaced by a later one.');
    return vote;
  }

  private async judged(organizationId: string, specId: string, principal?: Principal, tried?: ReviewPolicy) {
    const spec = await this.spec(organizationId, specId);
    const facts = await this.facts.judgement(organizationId, specId, spec, tried);
    return { spec, judgement: judgementOf({ spec, facts, caller: asking(principal) }) };
  }

  private async spec(organizationId: string, specId: string, moment?: SpecMoment): Promise<Subject> {
    const { row, sections } = await this.specs.page(organizationId, specId, moment);
    const review = row.review ?? (await this.specs.stateAt(organizationId, specId, row.version))?.review;
    if (!review) throw new Error(`${specId} has a row and no history`);
    const { contentHash, title, labels, relations } = row;
    const template = { key: row.templateKey, version: row.templateVersion };
    return { review, contentHash, title, sections, template, labels, relations };
  }

  private named(organizationId: string, actors: readonly Actor[]): Promise<Actor[]> {
    return this.personal.reveal(organizationId, actors, ['name']);
  }
}

const asking = (principal: Principal | undefined) => {
  return { actor: actorOf(principal), role: principal?.role, now: new Date() };
};

const inputsOf = ({ name }: Transition): string[] =>
  name === 'supersede' ? ['successorId'] : name === 'complete' ? ['evidence'] : [];

type Standing = { standing: (typeof standings)[number]; why: string | null };

/** What a vote is worth: what its own history says, and then what the policy says. */
function standingOf(vote: Vote, review: Review, { requirements }: Pick<Judgement, 'requirements'>): Standing {
  const { lifecycle, round, inForce } = review;
  if (vote.withdrawnAt !== null) return { standing: 'withdrawn', why: 'Who cast it took it back.' };
  if (vote.outdated) return { standing: 'outdated', why: 'The content changed in a way that it does not outlive.' };
  if (inForce?.voteIds.includes(vote.voteId)) return { standing: 'counted', why: null };
  if (vote.round !== round || lifecycle !== 'in_review') {
    return { standing: 'earlier_round', why: 'The review that it was cast in is over.' };
  }
  if (requirements.some(({ voteIds }) => voteIds.includes(vote.voteId))) return { standing: 'counted', why: null };
  const reason = requirements.flatMap(({ notCounted }) => notCounted).find(({ voteId }) => voteId === vote.voteId);
  if (!reason) return { standing: 'standing', why: null };
  return { standing: reason.code === 'expired' ? 'expired' : 'not_counted', why: reason.sentence };
}
