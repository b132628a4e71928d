import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Caller } from '../../commands/command.js';
import {
  AmendSpec,
  ApproveSpec,
  ArchiveSpec,
  CompleteImplementation,
  DeferSpec,
  DeprecateSpec,
  RejectSpec,
  ReopenSpec,
  ReturnSpec,
  StartImplementation,
  SubmitSpec,
  SupersedeSpec,
  WithdrawSpec,
} from '../../commands/lifecycle.commands.js';
import { ReviewReceipt } from '../../commands/receipt.view.js';
import { CommandRoute, From, FromRequest } from '../http/command-route.js';
import type { Ask } from '../http/query-route.js';
import { Asked, QueryRoute } from '../http/query-route.js';
import { ReviewQueries } from './review.queries.js';
import { TransitionList } from './review.view.js';

const tag = 'Lifecycle';
const made = { tag, ifMatch: 'required', query: ['simulate'], receipt: ReviewReceipt } as const;

/** One route a transition. */
@Controller('v1/organizations/:organizationId/specs/:specId/transitions')
export class LifecycleController {
  constructor(
    private readonly commands: CommandBus,
    private readonly reviews: ReviewQueries,
  ) {}

  @QueryRoute('', {
    summary: 'What the caller may do now, and for the rest why not',
    operationId: 'listTransitions',
    tag,
    view: TransitionList,
  })
  list(@Asked() { organizationId, path, principal }: Ask) {
    return this.reviews.transitions(organizationId, path.specId ?? '', principal);
  }

  @CommandRoute('Post', 'submit', {
    ...made,
    summary: 'Submit a draft for review',
    operationId: 'submitSpec',
    json: SubmitSpec,
  })
  submit(@FromRequest() command: SubmitSpec, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }

  @CommandRoute('Post', 'return', {
    ...made,
    summary: 'Give a spec in review back to its authors',
    operationId: 'returnSpec',
    json: ReturnSpec,
  })
  giveBack(@FromRequest() command: ReturnSpec, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }

  @CommandRoute('Post', 'approve', {
    ...made,
    summary: 'Approve: refused to everybody, and by simulation what the policy still misses',
    operationId: 'approveSpec',
    bodiless: ApproveSpec,
  })
  approve(@FromRequest() command: ApproveSpec, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }

  @CommandRoute('Post', 'reject', {
    ...made,
    summary: 'Refuse a spec, or its amendment',
    operationId: 'rejectSpec',
    json: RejectSpec,
    access: 'admin',
  })
  reject(@FromRequest() command: RejectSpec, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }

  @CommandRoute('Post', 'defer', {
    ...made,
    summary: 'Put a spec off',
    operationId: 'deferSpec',
    json: DeferSpec,
  })
  defer(@FromRequest() command: DeferSpec, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }

  @CommandRoute('Post', 'withdraw', {
    ...made,
    summary: 'Give a spec, or its amendment, up',
    operationId: 'withdrawSpec',
    json: WithdrawSpec,
  })
  withdraw(@FromRequest() command: WithdrawSpec, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }

  @CommandRoute('Post', 'reopen', {
    ...made,
    summary: 'Take up again what was put off, refused or given up',
    operationId: 'reopenSpec',
    json: ReopenSpec,
  })
  reopen(@FromRequest() command: ReopenSpec, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }

  @CommandRoute('Post', 'amend', {
    ...made,
    summary: 'Open a draft revision beside the approved one',
    operationId: 'amendSpec',
    json: AmendSpec,
  })
  amend(@FromRequest() command: AmendSpec, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }

  @CommandRoute('Post', 'start', {
    ...made,
    summary: 'Say that the implementation has begun',
    operationId: 'startImplementation',
    json: StartImplementation,
  })
  start(@FromRequest() command: StartImplementation, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }

  @CommandRoute('Post', 'complete', {
    ...made,
    summary: 'Say that it is implemented, and show it',
    operationId: 'completeImplementation',
    json: CompleteImplementation,
  })
  complete(@FromRequest() command: CompleteImplementation, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }

  @CommandRoute('Post', 'supersede', {
    ...made,
    summary: 'Put another approved spec in its place',
    operationId: 'supersedeSpec',
    json: SupersedeSpec,
    access: 'admin',
  })
  supersede(@FromRequest() command: SupersedeSpec, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }

  @CommandRoute('Post', 'deprecate', {
    ...made,
    summary: 'Say that it should not be relied on any more',
    operationId: 'deprecateSpec',
    json: DeprecateSpec,
    access: 'admin',
  })
  deprecate(@FromRequest() command: DeprecateSpec, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }

  @CommandRoute('Post', 'archive', {
    ...made,
    summary: 'Put away what is over',
    operationId: 'archiveSpec',
    json: ArchiveSpec,
    access: 'admin',
  })
  archive(@FromRequest() command: ArchiveSpec, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }
}
