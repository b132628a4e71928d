import { Injectable } from '@nestjs/common';
import { Refusal } from '../../commands/refusals.js';
import { Database } from '../event-store/database.js';
import type { Actor } from '../event-store/decider.js';
import { PersonalData } from '../event-store/personal-data.js';
import type { Override } from './override-standing.decider.js';
import { overrideStanding } from './override-standing.decider.js';
import type { OverrideList, OverrideView } from './override.view.js';

type Row = { specId: string; number: number; title: string; overrides: Override[] | null };

const most = 100;
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
    order by o ->> 'usedAt' limit ${most}`,
};

/** Approvals past the policy, and whether somebody else has looked at them since. */
@Injectable()
export class OverrideQueries {
  constructor(
    private readonly database: Database,
    private readonly personal: PersonalData,
  ) {}

  /** The overrides of a spec, oldest first. @throws Refusal `not_found` */
  async ofSpec(organizationId: string, specId: string): Promise<OverrideList> {
    const rows = await this.database.query<Row>(organizationId, ofSpec, [organizationId, specId]);
    if (rows.length === 0) throw new Refusal('not_found', 'There is no such spec in this organization.');
    return this.shown(organizationId, rows);
  }

  /** The 100 oldest overrides of an organization, of those that were reviewed or were not where that is asked for. */
  async ofOrganization(organizationId: string, reviewed?: boolean): Promise<OverrideList> {
    const values = [organizationId, reviewed ?? null];
    return this.shown(organizationId, await this.database.query<Row>(organizationId, ofOrganization, values));
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
