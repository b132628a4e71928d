import { Injectable } from '@nestjs/common';
import { Refusal } from '../../commands/refusals.js';
import { Database } from '../event-store/database.js';
import { PersonalData } from '../event-store/personal-data.js';
import { Cursors } from '../http/cursors.js';
import type { SpecPage } from '../specs/spec-page.queries.js';
import { SpecPageQueries } from '../specs/spec-page.queries.js';
import { Anchors } from './anchors.js';
import type { CommentListQuery, ThreadListQuery } from './thread-list.view.js';
import type { CommentRow, ThreadRow } from './thread.projection.js';
import type { AnchorView, CommentList, CommentView, ParticipantView, ThreadList, ThreadView } from './thread.view.js';

const time = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const columns = `t.thread_id as "threadId", t.spec_id as "specId", t.spec_version as "specVersion", t.section, t.anchor, t.blocking,
  t.status, t.opener_id as "openerId", t.opener_kind as "openerKind", t.opener_name as "openerName", ${time('t.opened_at')} as "openedAt",
  t.resolver_id as "resolverId", t.resolver_kind as "resolverKind", t.resolver_name as "resolverName",
  ${time('t.resolved_at')} as "resolvedAt", t.resolution, t.comments, t.mentions, t.version, ${time('t.updated_at')} as "updatedAt",
  (select c.body from specline.comment c
    where c.organization_id = t.organization_id and c.thread_id = t.thread_id and c.comment_id = t.thread_id) as body`;
const one = {
  name: 'comments.thread',
  text: `select ${columns} from specline.comment_thread t where organization_id = $1 and thread_id = $2`,
};
const ofSpec = {
  name: 'comments.threads-of-spec',
  text: `select ${columns} from specline.comment_thread t
    where organization_id = $1 and spec_id = $2 and ($3::text is null or status = $3) and ($4::boolean is null or blocking = $4)
      and ($5::text is null or section = $5) and ($6::text is null or opener_id = $6)
      and ($7::text is null or $7 = any (mentions)) and ($8::uuid is null or thread_id > $8)
    order by thread_id limit $9`,
};
const written = {
  name: 'comments.of-thread',
  text: `select comment_id as "commentId", position, author_id as "authorId", author_kind as "authorKind", author_name as "authorName",
      body, mentions, suggestion, applied_in as "appliedIn", ${time('created_at')} as "createdAt", ${time('edited_at')} as "editedAt",
      ${time('deleted_at')} as "deletedAt", version
    from specline.comment where organization_id = $1 and thread_id = $2 and position > $3 order by position limit $4`,
};

type Found = ThreadRow & { body: string };
const names: (keyof Found)[] = ['openerName', 'resolverName'];

/** Threads of comments, and where what they are about is now. */
@Injectable()
export class ThreadQueries {
  constructor(
    private readonly database: Database,
    private readonly personal: PersonalData,
    private readonly cursors: Cursors,
    private readonly specs: SpecPageQueries,
    private readonly anchors: Anchors,
  ) {}

  /**
   * A page of a spec's threads, oldest first.
   * @param me the id of who asks
   */
  async list(organizationId: string, specId: string, query: ThreadListQuery, me: string): Promise<ThreadList> {
    const { limit = 25, cursor, status, blocking, section, mine, mentionsMe } = query;
    const [opener, mentioned] = [mine && me, mentionsMe && me];
    const scope = {
      organizationId,
      list: 'threads',
      filters: { specId, status, blocking, section, opener, mentioned },
    };
    const [after] = cursor === undefined ? [] : await this.cursors.open(scope, cursor);
    const page = await this.specs.page(organizationId, specId);
    const values = [specId, status, blocking && blocking === 'true', section, opener, mentioned, after];
    const rows = await this.database.query<Found>(organizationId, ofSpec, [
      organizationId,
      ...values.map((value) => value ?? null),
      limit + 1,
    ]);
    const shown = await this.personal.reveal(organizationId, rows.slice(0, limit), names);
    const items: ThreadView[] = [];
    for (const row of shown) items.push(await this.view(organizationId, row, page));
    const next = rows.length > limit ? await this.cursors.seal(scope, [items.at(-1)?.threadId]) : null;
    return { items, page: { next } };
  }

  /** @throws Refusal `not_found` */
  async one(organizationId: string, threadId: string): Promise<ThreadView> {
    const [found] = await this.database.query<Found>(organizationId, one, [organizationId, threadId]);
    const [row] = found ? await this.personal.reveal(organizationId, [found], names) : [];
    if (!row) throw noThread();
    return this.view(organizationId, row, await this.specs.page(organizationId, row.specId));
  }

  /** A page of a thread's comments, oldest first. */
  async comments(organizationId: string, threadId: string, query: CommentListQuery): Promise<CommentList> {
    const { limit = 25, cursor } = query;
    const scope = { organizationId, list: 'comments', filters: { threadId } };
    const [after = -1] = cursor === undefined ? [] : await this.cursors.open(scope, cursor);
    const rows = await this.database.query<CommentRow>(organizationId, written, [
      organizationId,
      threadId,
      after,
      limit + 1,
    ]);
    // Every thread has a first comment.
    if (rows.length === 0 && after === -1) throw noThread();
    const shown = await this.personal.reveal(organizationId, rows.slice(0, limit), ['authorName']);
    const next = rows.length > limit ? await this.cursors.seal(scope, [shown.at(-1)?.position]) : null;
    return { items: shown.map(commentView), page: { next } };
  }

  private async view(organizationId: string, row: Found, { sections }: SpecPage): Promise<ThreadView> {
    const { section, anchor, specId, specVersion } = row;
    const body = sections.find(({ key }) => key === section)?.body ?? null;
    const place = section !== null && anchor ? { specId, specVersion, section, anchor } : null;
    return {
      threadId: row.threadId,
      specId,
      specVersion,
      section,
      sectionExists: section !== null && body !== null,
      anchor: place && { ...anchorView(place.anchor), ...(await this.found(organizationId, place, body)) },
      blocking: row.blocking,
      status: row.status,
      openedBy: participant(row.openerId, row.openerKind, row.openerName),
      openedAt: row.openedAt,
      resolvedBy: row.resolverId === null ? null : participant(row.resolverId, row.resolverKind, row.resolverName),
      resolvedAt: row.resolvedAt,
      resolution: row.resolution,
      body: row.body,
      comments: row.comments,
      mentions: [...row.mentions],
      version: row.version,
      updatedAt: row.updatedAt,
    };
  }

  private async found(...of: Parameters<Anchors['locate']>): Promise<Pick<AnchorView, 'status' | 'start' | 'end'>> {
    const found = await this.anchors.locate(...of);
    return found.status === 'gone' ? { status: 'gone', start: null, end: null } : found;
  }
}

const noThread = () => new Refusal('not_found', 'There is no such thread in this organization.');

const participant = (id: string, kind: string | null, name: string | null): ParticipantView => {
  return { id, kind: kind ?? '', name: name ?? '' };
};

const anchorView = ({ quote, prefix, suffix, start, contentHash }: NonNullable<ThreadRow['anchor']>) => {
  return { quote, prefix, suffix, readStart: start, readContentHash: contentHash };
};

function commentView({ authorId, authorKind, authorName, mentions, ...row }: CommentRow): CommentView {
  const { commentId, body, suggestion, appliedIn, createdAt, editedAt, deletedAt, version } = row;
  const author = participant(authorId, authorKind, authorName);
  return {
    commentId,
    author,
    body,
    mentions: [...mentions],
    suggestion,
    appliedIn,
    createdAt,
    editedAt,
    deletedAt,
    version,
  };
}
