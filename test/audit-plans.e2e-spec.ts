import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { beyond, filterValues, pageOf, rowOf } from '../src/modules/audit/trail-statement.js';
import { stateAfter, statisticsOf, transitionsOf } from '../src/modules/audit/statistics-statements.js';
import type { StatisticName } from '../src/modules/audit/statistics.view.js';
import type { Filter } from '../src/modules/audit/trail-statement.js';
import { startService } from './support/service.js';

/** Entries of one organization, as many as are asked for, spread over a thousand minutes. */
const fill = `
  insert into specline.audit_entry (organization_id, recorded_at, entry_id, kind, type, seq, stream_id, version, spec_id, section,
    command, transition, actor_id, actor_kind, actor_name, on_behalf_of, correlation_id, terms)
  select $1::uuid, timestamptz '2026-01-01' + n * interval '1 minute', gen_random_uuid(), 'event', 'spec.section.updated', n, gen_random_uuid(),
    n, gen_random_uuid(), 'section-' || n % 50, 'spec.section.update', case when n % 20 = 0 then 'submitted' end, 'actor-' || n % 40,
    'human', 'name', case when n % 30 = 0 then 'token' end, 'request-' || n, array[right($1::text, 6) || 'word' || n % 200]
  from generate_series(1, $2::int) n`;

type Plan = {
  'Node Type': string;
  'Index Name'?: string;
  'Relation Name'?: string;
  'Index Cond'?: string;
  Plans?: Plan[];
};
const flat = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(flat)];

describe('A page of the audit trail', () => {
  const service = startService();
  let client: pg.Client;
  let own: string;
  beforeAll(async () => {
    own = service.organization.organizationId;
    const large = await service.newOrganization();
    client = new pg.Client({ connectionString: service.databaseUrl });
    await client.connect();
    await client.query(fill, [large.organizationId, 30_000]);
    await client.query(fill, [own, 3000]);
    await client.query('analyze specline.audit_entry');
    // As the service asks: in its role, for one organization, with plans that know none of the values.
    await client.query(`set role specline_app`);
    await client.query(`set plan_cache_mode = force_generic_plan`);
    await client.query(`select set_config('specline.organization_id', $1, false)`, [own]);
  });
  afterAll(() => client.end());

  async function plan(text: string, values: readonly (string | number | null)[]): Promise<Plan[]> {
    const types = values.map(() => 'unknown').join(', ');
    await client.query(`prepare asked (${types}) as ${text}`);
    const given = values.map((value) => (value === null ? 'null' : client.escapeLiteral(String(value)))).join(', ');
    try {
      const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
        `explain (format json) execute asked (${given})`,
      );
      return flat(rows[0]?.['QUERY PLAN'][0].Plan ?? expect.fail('there is no plan'));
    } finally {
      await client.query('deallocate asked');
    }
  }

  const uuid = '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11';
  test.each<[string, string, Filter]>([
    ['audit_entry_pkey', 'recorded_at', {}],
    ['audit_entry_actor_idx', 'actor_id', { actor: 'actor-7' }],
    ['audit_entry_principal_idx', 'actor_kind', { principal: 'agent' }],
    ['audit_entry_on_behalf_of_idx', 'on_behalf_of', { onBehalfOf: 'token' }],
    ['audit_entry_spec_idx', 'spec_id', { spec: uuid }],
    ['audit_entry_section_idx', 'section', { section: 'section-7' }],
    ['audit_entry_command_idx', 'command', { command: 'spec.section.update' }],
    ['audit_entry_type_idx', 'type', { type: 'spec.vote.cast' }],
    ['audit_entry_transition_idx', 'transition', { transition: 'approved' }],
    ['audit_entry_correlation_idx', 'correlation_id', { correlation: 'request-7' }],
    ['audit_entry_kind_idx', 'kind', { kind: 'denied' }],
    ['audit_entry_spec_idx', 'spec_id', { spec: uuid, actor: 'actor-7', type: 'spec.vote.cast' }],
  ])('is a stretch of %s by %s', async (index, column, filter) => {
    for (const order of ['newest', 'oldest'] as const) {
      const asked = { ...filter, order, from: '2026-01-01T00:00:00Z' };
      const values = [own, ...beyond(asked), 26, null, ...filterValues(asked)];
      const nodes = await plan(pageOf(asked).text, values);
      const scan = nodes.find((node) => node['Index Name'] !== undefined);
      const types = nodes.map((node) => node['Node Type']).filter((type) => type !== 'Result');
      expect(types, order).toEqual(['Limit', expect.stringMatching(/^Index Scan/)]);
      expect(scan?.['Index Name']).toBe(index);
      expect(scan?.['Index Cond']).toContain(`${column} `);
      expect(scan?.['Index Cond']).toContain('organization_id =');
      expect(scan?.['Index Cond']).toContain('ROW(recorded_at, entry_id)');
    }
  });

  test('with words is found by their index, through the door', async () => {
    const [{ source } = { source: '' }] = (
      await client.query<{ source: string }>(`select prosrc as source from pg_proc where proname = 'search_audit'`)
    ).rows;
    expect(source).toContain('terms @> wanted');
    await client.query('set role specline_worker');
    try {
      await client.query('set plan_cache_mode = force_custom_plan');
      const found = `select entry_id from specline.audit_entry e where e.terms @> $1::text[]`;
      const nodes = await plan(found, [`{${own.slice(-6)}word7}`]);
      expect(nodes.map((node) => node['Index Name'])).toContain('audit_entry_terms_idx');
    } finally {
      await client.query('set role specline_app');
      await client.query('set plan_cache_mode = force_generic_plan');
    }
  });

  test('with words shows them by their ids, and one entry by its own', async () => {
    const asked: Filter = { q: 'word' };
    const values = [own, ...beyond(asked), 26, `{${uuid}}`, ...filterValues(asked)];
    for (const nodes of [await plan(pageOf(asked).text, values), await plan(rowOf.text, [own, uuid])]) {
      expect(nodes.map((node) => node['Index Name'])).toContain('audit_entry_id_idx');
    }
  });

  test.each<[StatisticName, string]>([
    ['activity', 'audit_entry_pkey'],
    ['actors', 'audit_entry_pkey'],
    ['cycle-time', 'audit_entry_transition_idx'],
    ['first-review', 'audit_entry_transition_idx'],
    ['reopened', 'audit_entry_transition_idx'],
  ])('counted for %s is a stretch of %s', async (view, index) => {
    const transitions = transitionsOf[view];
    const values = [
      ...[own, '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z', 'day'],
      ...(transitions === null ? [] : [`{${transitions.join(',')}}`]),
      ...(view === 'cycle-time' ? [JSON.stringify(stateAfter)] : []),
    ];
    const nodes = await plan(statisticsOf(view).text, values);
    const scans = nodes.filter((node) => node['Relation Name'] ?? node['Index Name']);
    expect(scans.find((node) => node['Index Name'])).toMatchObject({
      ...{
        'Index Name': index,
        'Index Cond': expect.stringMatching(/organization_id =.*recorded_at >=.*recorded_at </) as string,
      },
    });
    // Nothing is read as a whole, and of history one partition.
    expect(scans.filter(({ 'Node Type': type }) => type === 'Seq Scan')).toEqual([]);
    const partitions = scans.flatMap(({ 'Relation Name': relation = '' }) => relation.match(/^event_p\d+$/) ?? []);
    expect(new Set(partitions).size).toBeLessThanOrEqual(1);
  });
});
