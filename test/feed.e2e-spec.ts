import { get } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import pg from 'pg';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ConsumerView } from '../src/modules/feed/consumer.view.js';
import { pageOfFeed } from '../src/modules/feed/feed.queries.js';
import type { CloudEventView, FeedPage } from '../src/modules/feed/feed.view.js';
import type { Tenant } from './support/service.js';
import { runOn, startService } from './support/service.js';
import { documentOf, expectProblem, importSpec } from './support/specs.js';

const service = startService();
const document = documentOf('Alerts', { Overview: 'Old.', Rollout: 'Slow.' });
let tenant: Tenant;
beforeAll(() => {
  tenant = service.organization;
});

const page = async (query: string, who = tenant) =>
  (await who.request('get', `/events?${query}`).expect(200)).body as FeedPage;
const seqs = (events: readonly CloudEventView[]) => events.map(({ seq }) => Number(seq));
const edit = (specId: string, body: string) =>
  tenant.request('patch', `/specs/${specId}/sections/overview`).set('if-match', '*').send({ body });

/** All positions of the organization's events, as the database has them. */
const stored = async (after = 0) => {
  const { rows } = await runOn(
    service.databaseUrl,
    `select seq from specline.event where organization_id = '${tenant.organizationId}' and seq > ${after} order by seq`,
  );
  return rows.map(({ seq }) => Number(seq));
};
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
    const { specId, seq } = await importSpec(tenant, document);
    const other = await service.newOrganization();
    await importSpec(other, document);
    for (let edits = 0; edits < 20; edits++) await edit(specId, `Edit ${edits}.\n`).expect(200);
    const last = (await stored()).at(-1) ?? 0;
    const events = await everything(0, last);
    expect(seqs(events)).toEqual(await stored());
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
    const { specId } = await importSpec(tenant, document);
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
    const { specId } = await importSpec(tenant, document);
    const last = (await stored()).at(-1) ?? 0;
    await everything(0, last);
    const waiting = page(`after=${last}&wait=20`);
    const stranger = await service.newOrganization();
    await importSpec(stranger, document);
    await edit(specId, 'Awaited.\n').expect(200);
    const { items } = await waiting;
    expect(items).toMatchObject([{ type: 'spec.section.updated', subject: specId }]);
    expect((await page(`after=${items[0]?.seq}&wait=1`)).items).toEqual([]);
  });

  test('shows nothing behind a position that an open transaction may still fill', async () => {
    const { specId } = await importSpec(tenant, document);
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

/** One connection to the stream: gathers events until it is closed. */
class Listener {
  readonly ids: number[] = [];
  lastId = '';
  private readonly request: ClientRequest;
  private readonly ended: Promise<void>;

  constructor(url: string, apiKey: string, lastEventId?: string) {
    const headers = { accept: 'text/event-stream', authorization: `Bearer ${apiKey}` };
    const resumed = lastEventId === undefined ? headers : { ...headers, 'last-event-id': lastEventId };
    this.request = get(url, { headers: resumed, agent: false });
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      this.request.once('response', resolve).once('error', reject);
    });
    // It is cut off on purpose.
    this.ended = answered.then((answer) => this.listen(answer)).catch(() => undefined);
  }

  async close(): Promise<void> {
    this.request.destroy();
    await this.ended;
  }

  /** As a browser's EventSource reads it. */
  private async listen(answer: IncomingMessage): Promise<void> {
    expect(answer.headers['content-type']).toBe('text/event-stream');
    let text = '';
    for await (const chunk of answer.setEncoding('utf8')) {
      text += String(chunk);
      const frames = text.split('\n\n');
      text = frames.pop() ?? '';
      for (const frame of frames) {
        const [, id] = /^id: (\d+)$/m.exec(frame) ?? [];
        const [, data] = /^data: (.*)$/m.exec(frame) ?? [];
        if (id !== undefined) this.lastId = id;
        if (data !== undefined) this.ids.push(Number((JSON.parse(data) as CloudEventView).seq));
      }
    }
  }
}

describe('A stream of events', () => {
  test('has every event once and in order, for a reader who is cut off again and again while others write', async () => {
    const { specId } = await importSpec(tenant, document);
    const url = `${await service.app.getUrl()}/v1/organizations/${tenant.organizationId}/events`;
    const writing = Promise.all(
      [1, 2, 3].map(async (writer) => {
        const own = (await importSpec(tenant, document)).specId;
        for (let edits = 0; edits < 25; edits++) await edit(own, `Writer ${writer}, edit ${edits}.\n`).expect(200);
      }),
    );
    const heard: number[] = [];
    let last: string | undefined;
    let isWritten = false;
    const done = writing.then(() => (isWritten = true));
    for (let listened = 0; listened < 200; listened++) {
      const listener = new Listener(url, tenant.apiKey, last);
      await new Promise((resolve) => setTimeout(resolve, 30 + (listened % 5) * 20));
      await listener.close();
      heard.push(...listener.ids);
      last = listener.lastId || last;
      if (isWritten && heard.length >= (await stored()).length) break;
    }
    await done;
    expect(heard).toEqual(await stored());
    expect(specId).toBeDefined();
  }, 60_000);

  test('begins where it is asked to, and only has the types that are asked for', async () => {
    const last = (await stored()).at(-1) ?? 0;
    await importSpec(tenant, document);
    const [imported] = await stored(last);
    const path = `/v1/organizations/${tenant.organizationId}/events?after=${last}&types=spec.document.imported`;
    const listener = new Listener(`${await service.app.getUrl()}${path}`, tenant.apiKey);
    await expect.poll(() => listener.ids, { timeout: 10_000 }).toEqual([imported]);
    await listener.close();
  });

  test('is refused like any other read', async () => {
    const request = tenant.request('get', '/events', 'no-key').set('accept', 'text/event-stream');
    expectProblem(await request, 401, 'unauthenticated');
    expectProblem(await tenant.request('get', '/events').set('accept', 'image/png'), 406, 'not_acceptable');
  });
});

describe('A consumer of events', () => {
  const put = (key: string, body: object = {}) => tenant.request('put', `/consumers/${key}`).send(body);
  const commit = (key: string, body: object) => tenant.request('post', `/consumers/${key}/commit`).send(body);
  const events = async (key: string, query = '') =>
    (await tenant.request('get', `/consumers/${key}/events?limit=5${query}`).expect(200)).body as FeedPage;

  test('gets what comes next until it says that it is dealt with', async () => {
    expect((await put('ci').expect(200)).body).toMatchObject({ consumerKey: 'ci', position: 0, committedAt: null });
    const first = await events('ci');
    expect(seqs(first.items)).toEqual((await stored()).slice(0, 5));
    expect(await events('ci')).toEqual(first);
    const committed = (await commit('ci', { position: first.next, after: 0 }).expect(200)).body as ConsumerView;
    expect(committed).toMatchObject({ position: first.next, committedBy: expect.any(String) as string });
    const second = await events('ci');
    expect(seqs(second.items)).toEqual((await stored()).slice(5, 10));
    // A late commit of what is dealt with leaves it where it is; one who read an earlier place is told.
    expect((await commit('ci', { position: 1 }).expect(200)).body).toMatchObject({ position: first.next });
    expectProblem(await commit('ci', { position: second.next, after: 0 }), 409, 'content_changed');
    // Only putting it sets it back, and putting it again without a place leaves it alone.
    expect((await put('ci').expect(200)).body).toMatchObject({ position: first.next });
    expect((await put('ci', { position: 0 }).expect(200)).body).toMatchObject({ position: 0 });
    expect(await events('ci')).toEqual(first);
  });

  test('is not ahead of history, and not another organization’s', async () => {
    expectProblem(await commit('nobody', { position: 1 }), 404, 'not_found');
    await put('ahead').expect(200);
    expectProblem(await commit('ahead', { position: 9_000_000_000 }), 422, 'validation_failed');
    expectProblem(await put('ahead', { position: 9_000_000_000 }), 422, 'validation_failed');
    const stranger = await service.newOrganization();
    expectProblem(await stranger.request('get', '/consumers/ahead'), 404, 'not_found');
    expect((await stranger.request('get', '/consumers').expect(200)).body).toMatchObject({ items: [] });
    expect((await tenant.request('delete', '/consumers/ahead').expect(200)).body).toMatchObject({
      consumerKey: 'ahead',
    });
    expectProblem(await tenant.request('get', '/consumers/ahead/events'), 404, 'not_found');
  });

  test('is moved once by two who commit from the same place at the same time', async () => {
    await put('race').expect(200);
    const { next } = await events('race');
    const answers = await Promise.all(Array.from({ length: 8 }, () => commit('race', { position: next, after: 0 })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(7).fill(409)]);
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
