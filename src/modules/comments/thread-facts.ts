import { Injectable } from '@nestjs/common';
import { EditComment, OpenThread, ReplyToThread, ResolveThread } from '../../commands/comment.commands.js';
import type { DomainCommand } from '../../commands/command.js';
import { Database } from '../event-store/database.js';
import type { FactsSource } from '../event-store/facts-source.js';
import { EventStore } from '../event-store/event-store.js';
import { MemberQueries } from '../organizations/member.queries.js';
import { OrganizationQueries } from '../organizations/organization.queries.js';
import { SpecPageQueries, specStream } from '../specs/spec-page.queries.js';
import type { AnchorFacts, MentionFacts } from './anchor.decider.js';
import type { AuthorFacts } from './thread.decider.js';

const specOf = {
  name: 'comments.spec-of',
  text: `select spec_id as "specId" from specline.comment_thread where organization_id = $1 and thread_id = $2`,
};

/** What the rules of threads must know of specs and members. */
@Injectable()
export class ThreadFacts implements FactsSource {
  constructor(
    private readonly database: Database,
    private readonly store: EventStore,
    private readonly specs: SpecPageQueries,
    private readonly members: MemberQueries,
    private readonly organizations: OrganizationQueries,
  ) {}

  gather(command: DomainCommand, version: number): Promise<object> {
    if (command instanceof OpenThread) return version === 0 ? this.opening(command) : Promise.resolve({});
    if (command instanceof ReplyToThread || command instanceof EditComment) return this.mentions(command);
    if (command instanceof ResolveThread) return this.author(command);
    return Promise.resolve({});
  }

  /** @throws Refusal `not_found` where there is no such spec */
  private async opening(command: OpenThread): Promise<AnchorFacts> {
    const { row, sections } = await this.specs.page(command.caller.organizationId, command.specId);
    const body = sections.find(({ key }) => key === command.section)?.body ?? null;
    return { ...(await this.mentions(command)), specVersion: row.version, body };
  }

  /** Keys that belong to no member stand for themselves. */
  private async mentions({ caller, mentions = [] }: OpenThread | ReplyToThread | EditComment): Promise<MentionFacts> {
    if (mentions.length === 0) return { mentioned: [] };
    const { organizationId } = caller;
    const [members, keys] = await Promise.all([
      this.members.members(organizationId),
      this.organizations.keys(organizationId),
    ]);
    const somebody = [
      ...members.items.flatMap(({ memberId, name, removedAt }) => (removedAt === null ? [{ id: memberId, name }] : [])),
      ...keys.items.flatMap(({ keyId, memberId, name, revokedAt }) =>
        memberId === null && revokedAt === null ? [{ id: keyId, name }] : [],
      ),
    ];
    return { mentioned: mentions.map((mention) => meant(mention, somebody)) };
  }

  private async author({ caller: { organizationId }, threadId }: ResolveThread): Promise<AuthorFacts> {
    const [thread] = await this.database.query<{ specId: string }>(organizationId, specOf, [organizationId, threadId]);
    if (!thread) return { specAuthorId: null };
    const [first] = await this.store.read(specStream(organizationId, thread.specId), 0, 1);
    return { specAuthorId: first?.metadata.actor.id ?? null };
  }
}

/** The one of that id, or the only one of that name. */
function meant(mention: string, somebody: readonly { id: string; name: string }[]): string | null {
  const wanted = mention.replace(/^@/, '').toLowerCase();
  const byId = somebody.find(({ id }) => id === wanted);
  const [byName, another] = somebody.filter(({ name }) => name.toLowerCase() === wanted);
  return byId?.id ?? (another ? null : byName?.id) ?? null;
}
