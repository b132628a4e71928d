import { Injectable } from '@nestjs/common';
import { Refusal } from '../../commands/refusals.js';
import { Database } from '../event-store/database.js';
import type { Actor } from '../event-store/decider.js';
import { PersonalData } from '../event-store/personal-data.js';
import { Cursors } from '../http/cursors.js';
import type { Override } from './override-standing.decider.js';
import { overrideStanding } from './override-standing.decider.js';
import type { OverrideList, OverridesAsked, OverrideView } from './override.view.js';

type Row = { specId: string; number: number; title: string; overrides: Override[] | null };

const ofSpec = {
  name: 'overrides.of-spec',
  text: `select spec_id as "specId", number, title, review -> 'overrides' as overrides
    from specline.spec where organization_id = $1 and spec_id = $2`,
};
const ofOrganization = {
  name: 'overrides.of-organization',
  text: `select spec_id as "specId", number, title, jsonb_build_array(o) as overrides
    from specline.spec, jsonb_array_elements(review -> 'overrides') o
    where organization_id = $1 and jsonb_array_length(review -> 'overrides') > 0
      and ($2::boolean is null or $2 = (o ->> 'reviewedAt' is not null))
      and ($3::text is null or (o ->> 'usedAt', o ->> 'overrideId') > ($3, $4))
    order by o ->> 'usedAt', o ->> 'overrideId' limit $5`,
};

/** Approvals past the policy, and whether somebody else has looked at them since. */
@Injectable()
export class OverrideQueries {
  constructor(
    private readonly database: Database,
    private readonly cursors: Cursors,
    private readonly personal: PersonalData,
  ) {}

  /** The overrides of a spec, oldest first. @throws Refusal `not_found` */
  async ofSpec(organizationId: string, specId: string): Promise<OverrideList> {
    const rows = await this.database.query<Row>(organizationId, ofSpec, [organizationId, specId]);
    if (rows.length === 0) throw new Refusal('not_found', 'There is no such spec in this organization.');
    return this.shown(organizationId, rows);
  }

  /** A page of an organization's overrides, oldest first; only those that were reviewed, or were not, where it is asked. */
  async ofOrganization(organizationId: string, asked: OverridesAsked): Promise<OverrideList> {
    const { reviewed, limit = 25, cursor } = asked;
    const scope = { organizationId, list: 'overrides', filters: { reviewed } };
    const [usedAt = null, id = null] = cursor === undefined ? [] : await this.cursors.open(scope, cursor);
    const values = [organizationId, reviewed ?? null, usedAt, id, limit + 1];
    const rows = await this.database.query<Row>(organizationId, ofOrganization, values);
    const { items } = await this.shown(organizationId, rows.slice(0, limit));
    const last = rows.length > limit ? items.at(-1) : undefined;
    return { items, page: { next: last ? await this.cursors.seal(scope, [last.usedAt, last.overrideId]) : null } };
  }

  private async shown(organizationId: string, rows: readonly Row[]): Promise<OverrideList> {
    const now = new Date();
    const all = rows.flatMap(({ overrides, ...spec }) =>
      (overrides ?? []).map((one) => ({
        ...spec,
        ...one,
        unmet: [...one.unmet],
        standing: overrideStanding(one, now),
      })),
    );
    const users = await this.named(
      organizationId,
      all.map(({ usedBy }) => usedBy),
    );
    const reviewers = await this.named(
      organizationId,
      all.map(({ reviewedBy }) => reviewedBy ?? nobody),
    );
    const items = all.map((one, at): OverrideView => {
      const reviewedBy = one.reviewedBy && (reviewers[at] ?? one.reviewedBy);
      return { ...one, usedBy: users[at] ?? one.usedBy, reviewedBy };
    });
    return { items, page: { next: null } };
  }

  private named(organizationId: string, actors: readonly Actor[]): Promise<Actor[]> {
    return this.personal.reveal(organizationId, actors, ['name']);
  }
}

const nobody: Actor = { id: '', kind: 'system', name: '' };
