import { Injectable } from '@nestjs/common';
import { Database } from '../event-store/database.js';

/** What can be asked of a spec without reading it. */
export type StandingSpec = {
  specId: string;
  number: number;
  lifecycle: string;
  revision: number;
  labels: readonly string[];
  template: string;
};

const standings = {
  name: 'specs.standings',
  text: `select spec_id as "specId", number, lifecycle, coalesce((review ->> 'revision')::int, 1) as "revision", labels,
      template_key as "template"
    from specline.spec where organization_id = $1 and spec_id = any ($2::uuid[])`,
};

/** Where specs stand, for those who tell others of them. */
@Injectable()
export class SpecStandingQueries {
  constructor(private readonly database: Database) {}

  /** Of those ids that are specs of the organization, by id. */
  async of(organizationId: string, ids: readonly string[]): Promise<Map<string, StandingSpec>> {
    if (ids.length === 0) return new Map();
    const found = await this.database.query<StandingSpec>(organizationId, standings, [organizationId, ids]);
    return new Map(found.map((spec) => [spec.specId, spec]));
  }
}
