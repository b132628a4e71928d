import { Injectable } from '@nestjs/common';
import type { RelationType } from '../../commands/relation.commands.js';
import { Database } from '../event-store/database.js';

export type Relation = { type: RelationType; specId: string };

/** Along these, nothing leads back to itself: a spec cannot come after its own successor, or depend on itself. */
const acyclic: readonly RelationType[] = ['supersedes', 'depends_on'];

/** Each spec is visited once for each start, so that a circle, should there be one, ends the walk. */
const leadingTo = {
  name: 'relations.leading-to',
  text: `with recursive reached as (
      select x as start, x as id from unnest($3::uuid[]) as x
      union
      select w.start, (r ->> 'specId')::uuid from reached w
        join specline.spec s on s.organization_id = $1 and s.spec_id = w.id
        cross join lateral jsonb_array_elements(s.relations) as r
        where r ->> 'type' = $2)
    select distinct start as "specId" from reached where id = $4`,
};

/** Where relations lead, over as many specs as it takes. */
@Injectable()
export class RelationPaths {
  constructor(private readonly database: Database) {}

  /**
   * Those of some relations of a spec that would close a circle.
   * @param relations from the spec, whether it has them or is to get them
   */
  async circular(organizationId: string, specId: string, relations: readonly Relation[]): Promise<Relation[]> {
    const found: Relation[] = [];
    for (const type of acyclic) {
      const starts = relations.flatMap((relation) => (relation.type === type ? [relation.specId] : []));
      if (starts.length === 0) continue;
      const values = [organizationId, type, starts, specId];
      const rows = await this.database.query<{ specId: string }>(organizationId, leadingTo, values);
      found.push(...rows.map((row) => ({ type, specId: row.specId })));
    }
    return found;
  }
}
