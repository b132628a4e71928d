import { Injectable } from '@nestjs/common';
import { Refusal } from '../../commands/refusals.js';
import { EventStore } from '../event-store/event-store.js';
import { changesBetween } from './revision-changes.js';
import type { Parts } from './revision-changes.js';
import type { RevisionChanges, RevisionList, RevisionView } from './revision.view.js';
import type { LifecycleEvent } from './revisions.decider.js';
import { revisionsOf } from './revisions.decider.js';
import type { SpecPage } from './spec-page.queries.js';
import { SpecPageQueries, specStream } from './spec-page.queries.js';

/** The numbered revisions of a spec: what was approved when, and what each changed. */
@Injectable()
export class RevisionQueries {
  constructor(
    private readonly specs: SpecPageQueries,
    private readonly store: EventStore,
  ) {}

  async list(organizationId: string, specId: string): Promise<RevisionList> {
    return { items: await this.revisions(organizationId, specId), page: { next: null } };
  }

  async one(organizationId: string, specId: string, revision: string): Promise<RevisionView> {
    return find(await this.revisions(organizationId, specId), revision);
  }

  /** What a revision changed, against another one or the one approved before it. */
  async changes(organizationId: string, specId: string, revision: string, from?: number): Promise<RevisionChanges> {
    const revisions = await this.revisions(organizationId, specId);
    const later = find(revisions, revision);
    const earlier =
      from === undefined
        ? revisions.findLast((one) => one.revision < later.revision && one.version !== null)
        : find(revisions, String(from));
    if (!earlier)
      throw new Refusal('not_found', `No revision was approved before ${revision}: name another in "from".`);
    const [before, after] = await Promise.all(
      [earlier, later].map((one) => this.page(organizationId, specId, one, revisions)),
    );
    if (!before || !after) throw new Error('two revisions were asked for');
    return {
      from: earlier.revision,
      to: later.revision,
      fromHash: before.row.contentHash,
      toHash: after.row.contentHash,
      changes: changesBetween(partsOf(before), partsOf(after)),
    };
  }

  /** As it was approved, or as it is when it is the present one. */
  private async page(
    organizationId: string,
    specId: string,
    { revision, version }: RevisionView,
    all: readonly RevisionView[],
  ): Promise<SpecPage> {
    if (version !== null) return this.specs.page(organizationId, specId, { version });
    if (all.at(-1)?.revision === revision) return this.specs.page(organizationId, specId);
    throw new Refusal('not_found', `Revision ${revision} was never approved, and is not the present one.`);
  }

  private async revisions(organizationId: string, specId: string): Promise<RevisionView[]> {
    // Answers 404 for what is no spec of this organization.
    await this.specs.page(organizationId, specId);
    const events = await this.store.readLifecycle(specStream(organizationId, specId));
    const told = events.map(({ type, payload, version, recordedAt }) => {
      return { type, data: payload, version, at: recordedAt } as unknown as LifecycleEvent;
    });
    return revisionsOf(told).map((one) => structuredClone(one) as RevisionView);
  }
}

function find(revisions: readonly RevisionView[], revision: string): RevisionView {
  const found = revisions.find((one) => String(one.revision) === revision);
  if (!found) throw new Refusal('not_found', `The spec has no revision ${revision}.`);
  return found;
}

/** A document in the parts that are compared. */
export const partsOf = ({ row, sections }: SpecPage): Parts => [
  { section: null, heading: null, text: row.preamble ?? '' },
  ...sections.map(({ key, heading, headingSource, body }) => {
    return { section: key, heading, text: `${headingSource}${body ?? ''}` };
  }),
];
