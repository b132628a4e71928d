import pg from 'pg';
import { beforeAll, describe, expect, test } from 'vitest';
import { pageOfFeed } from '../src/modules/feed/feed.queries.js';
import type { CloudEventView } from '../src/modules/feed/feed.view.js';
import { editAlerts, feedPage, seqsOf, storedSeqs } from './support/feed.js';
import type { Tenant } from './support/service.js';
import { startService } from './support/service.js';
import { alerts, expectProblem, importSpec } from './support/specs.js';

const service = startService();
let tenant: Tenant;
beforeAll(() => {
  tenant = service.organization;
});

const page = (query: string) => feedPage(tenant, query);
const edit = (specId: string, body: string) => editAlerts(tenant, specId, body);
const stored = (after?: number) => storedSeqs(service, tenant, after);
/** Everything after a position, page by page, up to what is final within the time. */
async function everything(after: number, until: number, query = ''): Promise<CloudEventView[]> {
  const events: CloudEventView[] = [];
  for (let next = after; next < until;) {
    const read = await page(`after=${next}&limit=7&wait=10${query}`);
    events.push(...read.items);
    next = read.next;
  }
  return events;
}

describe('Following history page by page', () => {
  test('gives every event of the organization in order, as the CloudEvent that Kafka carries', async () => {
    const { specId, seq } = await importSpec(tenant, alerts);
    const other = await service.newOrganization();
    await importSpec(other, alerts);
    for (let edits = 0; edits < 20; edits++) await edit(specId, `Edit ${edits}.\n`).expect(200);
    const last = (await stored()).at(-1) ?? 0;
    const events = await everything(0, last);
    expect(seqsOf(events)).toEqual(await stored());
    expect(events.find(({ seq: position }) => Number(position) === seq)).toMatchObject({
      ...{ specversion: '1.0', type: 'spec.document.imported', subject: specId, version: '1' },
      ...{
        source: `/v1/organizations/${tenant.organizationId}`,
        datacontenttype: 'application/json',
        command: 'spec.document.import',
      },
      data: { title: 'Alerts' },
    });
  });

  test('can be of some types: what is passed over is not looked at again', async () => {
    const before = (await stored()).at(-1) ?? 0;
    const { specId } = await importSpec(tenant, alerts);
    for (let edits = 0; edits < 5; edits++) await edit(specId, `Edit ${edits}.\n`).expect(200);
    await tenant
      .request('put', `/specs/${specId}/labels`)
      .set('if-match', '*')
      .send({ labels: ['a'] })
      .expect(200);
    const last = (await stored()).at(-1) ?? 0;
    const some = await everything(before, last, '&types=spec.document.imported,spec.document.labelled');
    expect(some.map(({ type }) => type)).toEqual(['spec.document.imported', 'spec.document.labelled']);
    const none = await page(`after=${before}&types=organization.person.erased`);
    expect(none).toEqual({ items: [], next: last });
    for (const bad of ['types=nonsense', 'types=', 'types=spec.vote.cast,', 'after=x', 'wait=31', 'limit=101']) {
      expectProblem(await tenant.request('get', `/events?${bad}`), 400, 'invalid_request');
    }
  });

  test('waits for what is not there yet, and hears of it from a write of anybody', async () => {
    const { specId } = await importSpec(tenant, alerts);
    const last = (await stored()).at(-1) ?? 0;
    await everything(0, last);
    const waiting = page(`after=${last}&wait=20`);
    const stranger = await service.newOrganization();
    await importSpec(stranger, alerts);
    await edit(specId, 'Awaited.\n').expect(200);
    const { items } = await waiting;
    expect(items).toMatchObject([{ type: 'spec.section.updated', subject: specId }]);
    expect((await page(`after=${items[0]?.seq}&wait=1`)).items).toEqual([]);
  });

  test('shows nothing behind a position that an open transaction may still fill', async () => {
    const { specId } = await importSpec(tenant, alerts);
    const last = (await stored()).at(-1) ?? 0;
    await everything(0, last);
    const client = new pg.Client({ connectionString: service.databaseUrl });
    await client.connect();
    try {
      await client.query('begin');
      // As the append function does before it takes a position.
      await client.query('select pg_advisory_xact_lock_shared(7311, 0)');
      await client.query(`select nextval('specline.event_seq')`);
      await edit(specId, 'Behind.\n').expect(200);
      expect((await page(`after=${last}&wait=1`)).items).toEqual([]);
      await client.query('rollback');
      expect((await page(`after=${last}&wait=20`)).items).toMatchObject([{ subject: specId }]);
    } finally {
      await client.end();
    }
  });
});

describe('A place behind the end of history', () => {
  const query = (path: string, accept = 'application/json') => tenant.request('get', path).set('accept', accept);

  test('is refused, since whoever has it would miss what comes up to there', async () => {
    const page = await query('/events?after=99999999').expect(400);
    expect(page.body).toMatchObject({ code: 'invalid_request', errors: [{ pointer: 'after', code: 'bound' }] });
    const stream = query('/events?wait=1', 'text/event-stream').set('last-event-id', '99999999');
    expect((await stream.expect(400)).body).toMatchObject({ code: 'invalid_request' });
  });

  test('is none where the event is there and not final yet', async () => {
    const client = new pg.Client({ connectionString: service.databaseUrl });
    await client.connect();
    try {
      await client.query('begin; select pg_advisory_xact_lock_shared(7311, 0)');
      const { rows } = await client.query<{ seq: string }>(`select nextval('specline.event_seq') as seq`);
      await query(`/events?after=${rows[0]?.seq}`).expect(200);
      await query(`/events?wait=1`, 'text/event-stream').set('last-event-id', `${rows[0]?.seq}`).expect(200);
      await client.query('rollback');
    } finally {
      await client.end();
    }
  });
});

describe('A page of history', () => {
  test('reads a stretch of one index, whatever others wrote', async () => {
    const large = await service.newOrganization();
    const client = new pg.Client({ connectionString: service.databaseUrl });
    await client.connect();
    try {
      await client.query(`insert into specline.event (organization_id, stream_id, version, event_id, type, schema_version, payload, metadata,
          command_id, recorded_at, previous_hash, hash)
        select case when n % 80 = 0 then '${large.organizationId}'::uuid else md5((n % 80)::text)::uuid end, gen_random_uuid(), 1,
          gen_random_uuid(), 'spec.section.removed', 1, '{"key":"x"}',
          '{"actor":{"id":"ann","kind":"human","name":"Ann"},"command":"spec.section.remove","correlationId":"x"}', gen_random_uuid(), now(), sha256('a'), sha256('b')
        from generate_series(1, 12000) n`);
      await client.query('analyze specline.event');
      await client.query('set role specline_app');
      await client.query('set plan_cache_mode = force_generic_plan');
      await client.query(`select set_config('specline.organization_id', $1, false)`, [large.organizationId]);
      await client.query(`prepare asked as ${pageOfFeed.text}`);
      const plan = await client.query<{ 'QUERY PLAN': string }>(
        `explain execute asked ('${large.organizationId}', 0, 100000, 2000, null, 25)`,
      );
      const text = plan.rows.map((row) => row['QUERY PLAN']).join('\n');
      // Where archived history stands nothing is there to read.
      expect(text).not.toContain('Seq Scan on event_p');
      expect(text).toMatch(/Index Scan using event_p\d_organization_id_seq_idx/);
      expect(text).toMatch(/Index Cond: .*organization_id = .*seq > \$2.*seq <= \$3/);
      expect(text).toMatch(/Index Scan using event_p\d_pkey/);
    } finally {
      await client.end();
    }
  });
});
