import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Caller } from '../../commands/command.js';
import { ReviewReceipt } from '../../commands/receipt.view.js';
import { CastVote, ResolveConcern, WithdrawVote } from '../../commands/review.commands.js';
import { CommandRoute, From, FromRequest } from '../http/command-route.js';
import type { Ask } from '../http/query-route.js';
import { Asked, QueryRoute } from '../http/query-route.js';
import { SpecMoment } from './spec-list.view.js';
import { ReviewQueries } from './review.queries.js';
import { ApprovabilityAsked, ApprovabilityView, VoteList, VoteView } from './review.view.js';

const tag = 'Reviews';
const said = { tag, ifMatch: 'optional', query: ['simulate'], receipt: ReviewReceipt } as const;

@Controller('v1/organizations/:organizationId/specs/:specId')
export class ReviewsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly reviews: ReviewQueries,
  ) {}

  @QueryRoute('approvability', {
    summary: 'What is missing until the spec is approved, and who can supply it',
    operationId: 'getApprovability',
    tag,
    query: ApprovabilityAsked,
    view: ApprovabilityView,
  })
  approvability(@Asked() { organizationId, path, query, principal }: Ask<ApprovabilityAsked>) {
    return this.reviews.approvability(organizationId, path.specId ?? '', query, principal);
  }

  @QueryRoute('votes', {
    summary: 'The votes on the present revision, with what each is worth, and the concerns',
    operationId: 'listVotes',
    tag,
    query: SpecMoment,
    view: VoteList,
  })
  votes(@Asked() { organizationId, path, query, principal }: Ask<SpecMoment>) {
    return this.reviews.votes(organizationId, path.specId ?? '', principal, query);
  }

  @QueryRoute('votes/:voteId', {
    summary: 'A vote on the present revision, with what it is worth',
    operationId: 'getVote',
    tag,
    view: VoteView,
  })
  one(@Asked() { organizationId, path, principal }: Ask): Promise<VoteView> {
    return this.reviews.vote(organizationId, path.specId ?? '', path.voteId ?? '', principal);
  }

  @CommandRoute('Post', 'votes', {
    ...said,
    summary: 'Vote on exactly the content that was read',
    operationId: 'castVote',
    json: CastVote,
    creates: { id: 'voteId', location: ({ specId, voteId }) => `/specs/${String(specId)}/votes/${String(voteId)}` },
  })
  vote(@FromRequest() command: CastVote, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }

  @CommandRoute('Post', 'votes/:voteId/withdrawal', {
    ...said,
    summary: "Take one's vote back",
    operationId: 'withdrawVote',
    bodiless: WithdrawVote,
  })
  withdraw(@FromRequest() command: WithdrawVote, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }

  @CommandRoute('Post', 'concerns/:concernId/resolution', {
    ...said,
    summary: 'Say that a concern is settled: only who raised it can',
    operationId: 'resolveConcern',
    json: ResolveConcern,
  })
  resolve(@FromRequest() command: ResolveConcern, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }
}
