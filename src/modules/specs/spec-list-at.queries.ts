import { Injectable } from '@nestjs/common';
import { Refusal } from '../../commands/refusals.js';
import { Database } from '../event-store/database.js';
import { isUntil } from '../event-store/point-in-time.js';
import { Cursors } from '../http/cursors.js';
import type { SpecListQuery } from './spec-list.view.js';
import { SpecPageQueries } from './spec-page.queries.js';
import { specSummary } from './spec-summary.queries.js';
import type { SpecList, SpecSummary } from './spec.view.js';

/** How many specs are looked at for one page: a page of a filter that few fit may be shorter than asked, and go on. */
const most = 300;
/** How many are brought back to that time side by side. */
const atOnce = 5;

const began = `(select e.seq from specline.event e
  where e.organization_id = s.organization_id and e.stream_id = s.spec_id and e.version = 1)`;
const candidates = (isDescending: boolean) => ({
  name: `specs.list-at ${isDescending ? 'down' : 'up'}`,
  text: `select s.spec_id as "specId", s.number
    from specline.spec s
    where s.organization_id = $1 and ${isUntil('$2', { time: 's.created_at', position: began })} and ($3::text is null or s.template_key = $3)
      and ($4::bigint is null or s.number = $4) and ($5::bigint is null or s.number ${isDescending ? '<' : '>'} $5)
    order by s.number ${isDescending ? 'desc' : 'asc'} limit $6`,
});

type Candidate = { specId: string; number: number };

/** The specs of an organization as they were at a time or a position of history. */
@Injectable()
export class SpecListAtQueries {
  constructor(
    private readonly database: Database,
    private readonly cursors: Cursors,
    private readonly specs: SpecPageQueries,
  ) {}

  /** A page of those that there were, each as it was. They are in the order of their numbers: so they were created. */
  async list(organizationId: string, at: string, query: SpecListQuery): Promise<SpecList> {
    const { limit = 25, cursor, ...filters } = query;
    const { sort = '-number', q, template, number } = filters;
    if (q !== undefined || !/^-?(?:number|createdAt)$/.test(sort)) {
      throw new Refusal('invalid_request', 'What was at a time is listed by number or createdAt, and not searched.');
    }
    const scope = { organizationId, list: 'specs at', filters };
    const [after = null] = cursor === undefined ? [] : await this.cursors.open(scope, cursor);
    const statement = candidates(sort.startsWith('-'));
    const values = [organizationId, at, template ?? null, number ?? null, after, most];
    const found = await this.database.query<Candidate>(organizationId, statement, values);

    const items: SpecSummary[] = [];
    let looked = 0;
    for (; looked < found.length && items.length < limit; looked += atOnce) {
      const some = found.slice(looked, looked + atOnce);
      const pages = await Promise.all(some.map(({ specId }) => this.specs.page(organizationId, specId, { at })));
      items.push(...pages.map(({ row }) => specSummary(row)).filter((one) => fits(one, filters)));
    }
    const shown = items.slice(0, limit);
    const last = items.length > limit ? shown.at(-1)?.number : found[Math.min(looked, found.length) - 1]?.number;
    const isEnd = items.length <= limit && looked >= found.length && found.length < most;
    return { items: shown, page: { next: isEnd ? null : await this.cursors.seal(scope, [last]) } };
  }
}

const fits = (spec: SpecSummary, { lifecycle, label, owner }: SpecListQuery): boolean =>
  (lifecycle === undefined || spec.lifecycle === lifecycle) &&
  (label === undefined || spec.labels.includes(label)) &&
  (owner === undefined || spec.owner === owner);
