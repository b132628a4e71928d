import { Injectable } from '@nestjs/common';
import { Refusal } from '../../commands/refusals.js';
import { erased } from '../../events/personal.js';
import type { Principal } from '../auth/principal.js';
import { actorOf } from '../auth/principal.js';
import { OpenThreads } from '../comments/open-threads.queries.js';
import { Database } from '../event-store/database.js';
import { PersonalData } from '../event-store/personal-data.js';
import { Cursors } from '../http/cursors.js';
import { openSuspects } from './dependency-state.decider.js';
import type { Guarded } from './guards.decider.js';
import { judgementOf } from './guards.decider.js';
import type { Judgement } from './judgement.decider.js';
import { ReviewFactsReader } from './review-facts.js';
import type { Reviewed } from './review-facts.js';
import { concernsOf, dueAt, waitingFor } from './work-list.decider.js';
import type { Voter } from './work-list.decider.js';
import type { WorkItemView, WorkList, WorkListQuery } from './work-list.view.js';

/** How many specs, and threads, are looked at. */
const most = 1000;
/** How many specs are judged side by side. */
const atOnce = 10;

const columns = `s.spec_id as "specId", s.number, s.title, s.review, s.content_hash as "contentHash", s.labels, s.relations,
  jsonb_build_object('key', s.template_key, 'version', s.template_version) as template,
  (select coalesce(jsonb_agg(jsonb_build_object('key', c.key, 'contentHash', c.content_hash, 'notApplicable', c.not_applicable)
      order by array_position(s.section_order, c.key)), '[]')
    from specline.spec_section c where c.organization_id = s.organization_id and c.spec_id = s.spec_id) as sections`;
const underReview = {
  name: 'work-list.under-review',
  text: `select ${columns} from specline.spec s
    where s.organization_id = $1 and s.review is not null and s.lifecycle = 'in_review'
    order by s.review ->> 'submittedAt', s.spec_id limit $2`,
};
/** In review and begun by somebody, or with a concern of theirs that an author has to answer. */
const raised = {
  name: 'work-list.raised',
  text: `select ${columns} from specline.spec s
    where s.organization_id = $1 and (s.lifecycle = 'in_review' and s.review @> $3::jsonb
      or s.lifecycle in ('in_review', 'draft') and s.review @> $4::jsonb)
    order by s.review ->> 'submittedAt', s.spec_id limit $2`,
};
/** Begun by somebody or owned by them, and to be compared with a new revision of a dependency. */
const suspect = {
  name: 'work-list.suspect',
  text: `select s.spec_id as "specId", s.number, s.title, s.review from specline.spec s
    where s.organization_id = $1 and s.review @? '$.suspects[*] ? (@.confirmedAt == null)'
      and s.lifecycle <> all (array['archived', 'superseded', 'deprecated', 'rejected', 'withdrawn'])
      and (s.owner = any ($3::text[]) or s.review @> $4::jsonb)
    order by s.spec_id limit $2`,
};
const named = {
  name: 'work-list.named',
  text: `select spec_id as "specId", number, title from specline.spec where organization_id = $1 and spec_id = any ($2::uuid[])`,
};

type Named = { specId: string; number: number; title: string };
type Row = Named & Guarded & Reviewed;

/** What waits for whom in an organization's reviews. */
@Injectable()
export class WorkListQueries {
  constructor(
    private readonly database: Database,
    private readonly cursors: Cursors,
    private readonly facts: ReviewFactsReader,
    private readonly threads: OpenThreads,
    private readonly personal: PersonalData,
  ) {}

  /** A page of what waits for the caller, or of what the caller raised: what waits longest comes first. */
  async list(organizationId: string, query: WorkListQuery, principal: Principal | undefined): Promise<WorkList> {
    const { limit = 25, cursor, raisedBy } = query;
    if (query.for !== undefined && raisedBy !== undefined) {
      throw new Refusal('invalid_request', 'Ask what waits for you, or what you raised, not both.');
    }
    const voter: Voter = { actor: actorOf(principal), keyId: principal?.keyId ?? '' };
    const scope = { organizationId, list: 'reviews', filters: { of: voter.actor.id, key: voter.keyId, raisedBy } };
    const [after = ''] = cursor === undefined ? [] : await this.cursors.open(scope, cursor);
    const all = raisedBy ? await this.raised(organizationId, voter) : await this.waiting(organizationId, voter);
    const ordered = all
      .map((item) => ({ item, place: `${item.since} ${item.specId} ${item.kind} ${item.id}` }))
      .sort((one, other) => (one.place < other.place ? -1 : 1))
      .filter(({ place }) => place > String(after));
    const next = ordered.length > limit ? await this.cursors.seal(scope, [ordered[limit - 1]?.place]) : null;
    return { items: ordered.slice(0, limit).map(({ item }) => item), page: { next } };
  }

  private async waiting(organizationId: string, voter: Voter): Promise<WorkItemView[]> {
    const now = new Date();
    const [specs, threads, suspects] = await Promise.all([
      this.database.query<Row>(organizationId, underReview, [organizationId, most]),
      this.threads.mentioning(organizationId, voter.actor.id, most),
      this.suspects(organizationId, voter),
    ]);
    const items = await inTurns(specs, async (spec) => {
      const facts = await this.facts.judgement(organizationId, spec.specId, spec);
      return waitingFor(spec, facts, voter, now).map((one) => itemOf(spec, one, dueAt(spec, facts)));
    });
    return [...items.flat(), ...(await this.about(organizationId, threads, 'mention')), ...suspects];
  }

  private async raised(organizationId: string, voter: Voter): Promise<WorkItemView[]> {
    const { id } = voter.actor;
    const own = JSON.stringify({ authors: [{ id }] });
    const concern = JSON.stringify({ concerns: [{ raisedBy: { id }, resolvedAt: null }] });
    const [specs, threads] = await Promise.all([
      this.database.query<Row>(organizationId, raised, [organizationId, most, own, concern]),
      this.threads.openedBy(organizationId, id, most),
    ]);
    const caller = { actor: voter.actor, now: new Date() };
    const items = await inTurns(specs, async (spec) => {
      const { lifecycle, submittedAt, authors } = spec.review;
      const facts = await this.facts.judgement(organizationId, spec.specId, spec);
      const due = lifecycle === 'in_review' ? dueAt(spec, facts) : null;
      const concerns = concernsOf(spec, voter).map((one) => itemOf(spec, one, due));
      const isOwn = authors.some((author) => author.id === id);
      if (lifecycle !== 'in_review' || submittedAt === null || !isOwn) return concerns;
      const missing = missingIn(judgementOf({ spec, facts, caller }));
      return [itemOf(spec, { kind: 'review', id: null, since: submittedAt }, due, missing), ...concerns];
    });
    return [...items.flat(), ...(await this.about(organizationId, threads, 'thread'))];
  }

  /** Owners are names: those of the caller are looked for, as written in a mention too, and the caller's id. */
  private async suspects(organizationId: string, { actor }: Voter): Promise<WorkItemView[]> {
    const [{ name } = actor] = await this.personal.reveal(organizationId, [actor], ['name']);
    const called = name === erased ? [actor.id] : [name, `@${name}`, actor.id];
    const owners = await Promise.all(called.map((text) => this.personal.stored(organizationId, text)));
    const own = JSON.stringify({ authors: [{ id: actor.id }] });
    const values = [organizationId, most, owners.flat(), own];
    const specs = await this.database.query<Pick<Row, keyof Named | 'review'>>(organizationId, suspect, values);
    return specs.flatMap((spec) =>
      openSuspects(spec.review).map(({ specId: id, suspectedAt: since }) =>
        itemOf(spec, { kind: 'suspect', id, since }),
      ),
    );
  }

  private async about(
    organizationId: string,
    threads: readonly { threadId: string; specId: string; openedAt: string }[],
    kind: 'mention' | 'thread',
  ): Promise<WorkItemView[]> {
    const ids = [...new Set(threads.map(({ specId }) => specId))];
    const found =
      ids.length === 0 ? [] : await this.database.query<Named>(organizationId, named, [organizationId, ids]);
    const specs = new Map(found.map((spec) => [spec.specId, spec]));
    return threads.flatMap(({ threadId, specId, openedAt }) => {
      const spec = specs.get(specId);
      return spec ? [itemOf(spec, { kind, id: threadId, since: openedAt })] : [];
    });
  }
}

const itemOf = (
  { specId, number, title }: Named,
  { kind, id, since }: Pick<WorkItemView, 'kind' | 'id' | 'since'>,
  due: string | null = null,
  missing: string[] = [],
): WorkItemView => ({ kind, specId, number, title, id, since, dueAt: due, missing });

const missingIn = ({ requirements, blocking }: Judgement): string[] =>
  [...requirements.filter(({ met }) => !met), ...blocking].map(({ sentence }) => sentence);

/** Some at once, and then the next ones. */
async function inTurns<T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  for (let at = 0; at < all.length; at += atOnce) {
    done.push(...(await Promise.all(all.slice(at, at + atOnce).map(work))));
  }
  return done;
}
