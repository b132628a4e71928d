import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import {
  ApplySuggestion,
  DeleteComment,
  EditComment,
  OpenThread,
  ReopenThread,
  ReplyToThread,
  ResolveThread,
} from '../../commands/comment.commands.js';
import type { Caller } from '../../commands/command.js';
import { actorOf } from '../auth/principal.js';
import { CommandRoute, From, FromRequest } from '../http/command-route.js';
import type { Ask } from '../http/query-route.js';
import { Asked, QueryRoute } from '../http/query-route.js';
import { Suggestions } from './suggestions.js';
import { CommentListQuery, ThreadListQuery } from './thread-list.view.js';
import { ThreadQueries } from './thread.queries.js';
import { CommentList, ThreadList, ThreadReceipt, ThreadView } from './thread.view.js';

const tag = 'Comments';
const change = { tag, receipt: ThreadReceipt } as const;

@Controller('v1/organizations/:organizationId')
export class ThreadsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly threads: ThreadQueries,
    private readonly suggestions: Suggestions,
  ) {}

  @CommandRoute('Post', 'specs/:specId/threads', {
    ...change,
    summary: 'Begin a thread of comments',
    operationId: 'openThread',
    json: OpenThread,
    creates: { id: 'threadId', location: ({ threadId }) => `/threads/${String(threadId)}` },
  })
  open(@FromRequest() command: OpenThread, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }

  @QueryRoute('specs/:specId/threads', {
    summary: 'List the threads of a spec',
    operationId: 'listThreads',
    tag,
    query: ThreadListQuery,
    view: ThreadList,
  })
  list(@Asked() { organizationId, principal, path, query }: Ask<ThreadListQuery>) {
    return this.threads.list(organizationId, path.specId ?? '', query, actorOf(principal).id);
  }

  @QueryRoute('threads/:threadId', { summary: 'Read a thread', operationId: 'getThread', tag, view: ThreadView })
  get(@Asked() { organizationId, path }: Ask) {
    return this.threads.one(organizationId, path.threadId ?? '');
  }

  @CommandRoute('Post', 'threads/:threadId/comments', {
    ...change,
    summary: 'Answer in a thread',
    operationId: 'replyToThread',
    json: ReplyToThread,
    creates: { id: 'commentId', location: ({ threadId }) => `/threads/${String(threadId)}/comments` },
  })
  reply(@FromRequest() command: ReplyToThread, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }

  @QueryRoute('threads/:threadId/comments', {
    summary: 'Read the comments of a thread',
    operationId: 'listComments',
    tag,
    query: CommentListQuery,
    view: CommentList,
  })
  comments(@Asked() { organizationId, path, query }: Ask<CommentListQuery>) {
    return this.threads.comments(organizationId, path.threadId ?? '', query);
  }

  @CommandRoute('Post', 'threads/:threadId/resolve', {
    ...change,
    summary: 'Resolve a thread',
    operationId: 'resolveThread',
    json: ResolveThread,
  })
  resolve(@FromRequest() command: ResolveThread, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }

  @CommandRoute('Post', 'threads/:threadId/reopen', {
    ...change,
    summary: 'Reopen a thread',
    operationId: 'reopenThread',
    bodiless: ReopenThread,
  })
  reopen(@FromRequest() command: ReopenThread, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }

  @CommandRoute('Patch', 'threads/:threadId/comments/:commentId', {
    ...change,
    summary: 'Edit a comment',
    operationId: 'editComment',
    json: EditComment,
    ifMatch: 'required',
  })
  edit(@FromRequest() command: EditComment, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }

  @CommandRoute('Delete', 'threads/:threadId/comments/:commentId', {
    ...change,
    summary: 'Delete a comment',
    operationId: 'deleteComment',
    bodiless: DeleteComment,
    ifMatch: 'required',
  })
  delete(@FromRequest() command: DeleteComment, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }

  @CommandRoute('Post', 'threads/:threadId/comments/:commentId/apply', {
    ...change,
    summary: 'Put a suggestion into the spec',
    operationId: 'applySuggestion',
    bodiless: ApplySuggestion,
    ifMatch: 'optional',
  })
  apply(@FromRequest() command: ApplySuggestion, @From() caller: Caller) {
    return this.suggestions.apply(command, caller);
  }
}
