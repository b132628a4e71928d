import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { v5 as uuidv5 } from 'uuid';
import type { ApplySuggestion } from '../../commands/comment.commands.js';
import type { Caller, Outcome } from '../../commands/command.js';
import { Refusal } from '../../commands/refusals.js';
import { UpdateSection } from '../../commands/section.commands.js';
import type { TextAnchor } from '../../events/comment.events.js';
import { Database } from '../event-store/database.js';
import { EventStore } from '../event-store/event-store.js';
import { SpecPageQueries } from '../specs/spec-page.queries.js';
import { Anchors } from './anchors.js';

const suggested = {
  name: 'comments.suggested',
  text: `select t.spec_id as "specId", t.spec_version as "specVersion", t.section, t.anchor, c.suggestion, c.applied_in as "appliedIn"
    from specline.comment c
    join specline.comment_thread t on t.organization_id = c.organization_id and t.thread_id = c.thread_id
    where c.organization_id = $1 and c.thread_id = $2 and c.comment_id = $3 and c.deleted_at is null`,
};

type Suggested = {
  specId: string;
  specVersion: number;
  section: string | null;
  anchor: TextAnchor | null;
  suggestion: string | null;
  appliedIn: number | null;
};
type Suggestion = Suggested & { section: string; anchor: TextAnchor; suggestion: string };

/**
 * Applies suggestions: an ordinary update of the section, then a note in the thread. Whoever stops between the two goes
 * on where it was left: the update has an id that follows from the comment, so it happens once.
 */
@Injectable()
export class Suggestions {
  constructor(
    private readonly commands: CommandBus,
    private readonly database: Database,
    private readonly store: EventStore,
    private readonly specs: SpecPageQueries,
    private readonly anchors: Anchors,
  ) {}

  /** `If-Match` of the caller names the section. @throws Refusal `content_changed` where the words are not there any more */
  async apply(command: ApplySuggestion, { ifMatch, ...caller }: Caller): Promise<Outcome> {
    const { threadId, commentId } = command;
    const { organizationId } = caller;
    const [found] = await this.database.query<Suggested>(organizationId, suggested, [
      organizationId,
      threadId,
      commentId,
    ]);
    if (!found || !isSuggestion(found)) throw new Refusal('not_found', 'There is no such suggestion in this thread.');
    const specVersion =
      found.appliedIn ?? (await this.once(found, { ...caller, ...(ifMatch && { ifMatch }) }, command));
    const outcome = await this.commands.execute(command.in(specVersion).from(caller));
    return { ...outcome, receipt: Object.assign(outcome.receipt, { specVersion }) };
  }

  /** The update, or what it came to before: another request may make it between our looking and our trying. */
  private async once(found: Suggestion, caller: Caller, { threadId, commentId }: ApplySuggestion): Promise<number> {
    const commandId = uuidv5(`apply/${commentId}`, threadId);
    const earlier = async () => (await this.store.commandRecord(caller.organizationId, commandId))?.version;
    const before = await earlier();
    if (before !== undefined) return before;
    try {
      return await this.update(found, caller, commandId);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const meanwhile = await earlier();
      if (meanwhile !== undefined) return meanwhile;
      if (error.code !== 'idempotency_key_in_flight') throw error;
      throw new Refusal('write_contention', 'Somebody else is applying it just now.', { retryAfter: 1 });
    }
  }

  /** @returns the version of the spec that has the suggestion */
  private async update(found: Suggestion, caller: Caller, commandId: string): Promise<number> {
    const { specId, section: sectionKey, suggestion } = found;
    const section = await this.specs.section(caller.organizationId, specId, sectionKey, {});
    const range = await this.anchors.locate(caller.organizationId, found, section.body);
    if (range.status !== 'exact' && range.status !== 'moved') {
      throw new Refusal('content_changed', 'The words that the suggestion is about are not in the section any more.');
    }
    const body = section.body.slice(0, range.start) + suggestion + section.body.slice(range.end);
    const update = Object.assign(new UpdateSection(), { specId, sectionKey, body });
    const outcome = await this.commands.execute(
      update.from({
        ...caller,
        ifMatch: caller.ifMatch ?? [section.version],
        idempotency: { commandId, requestHash: hash('sha256', commandId) },
      }),
    );
    return outcome.receipt.version;
  }
}

const isSuggestion = (found: Suggested): found is Suggestion =>
  found.section !== null && found.anchor !== null && found.suggestion !== null;
