import pg from 'pg';
import { corpusFiles, corpusMissing } from './corpus.mjs';
import { document } from './documents.mjs';
import { tell } from './rounds.mjs';

/**
 * History of many organizations with its audit trail, made by set-based SQL from edits of real sections: one organization
 * has nine tenths of it, the others share the rest. Only the hashes are made up. Ids are made from numbers, so that whoever
 * measures knows them.
 */
export const organizations = 200;
const eventsPerStream = 40;
/** How many streams one statement makes. */
const portion = 5000;

/** Streams of ten numbers: nine are the large organization's; the first of the others is the one that is measured. */
const organizationOf = `case when n % 10 < 9 then ${idOf('f', '0')} when (n / 10) % ${organizations - 1} = 0 then $3::uuid
  else ${idOf('f', `(n / 10) % ${organizations - 1}`)} end`;
const streamOf = idOf('a', 'n');
const made = `generate_series($1::bigint, $2::bigint) n cross join generate_series(1, ${eventsPerStream}) version
  cross join lateral (select ${organizationOf} as organization_id, ${streamOf} as stream_id, ${idOf('e', `n * ${eventsPerStream} + version`)} as event_id,
    timestamptz '2026-01-01' + (n * ${eventsPerStream} + version) * interval '3 seconds' as recorded_at, 'actor-' || n % 40 as actor,
    (array['human', 'human', 'human', 'agent', 'service'])[1 + n % 5] as principal) who
  join fill_text t on t.id = (n * 7 + version) % (select count(*) from fill_text)`;

const streams = `
  insert into specline.stream (organization_id, stream_id, stream_type, version, last_hash)
  select ${organizationOf}, ${streamOf}, 'spec', ${eventsPerStream}, sha256(n::text::bytea) from generate_series($1::bigint, $2::bigint) n`;
const events = `
  insert into specline.event (organization_id, stream_id, version, event_id, type, schema_version, payload, metadata, command_id,
    recorded_at, previous_hash, hash)
  select organization_id, stream_id, version, event_id, case when version = 20 then 'spec.lifecycle.deferred'
      else 'spec.section.updated' end, 1,
    case when version = 20 then '{"reason": "It is time for it."}'
      else jsonb_build_object('key', t.key, 'body', t.body, 'contentHash', t.hash) end,
    jsonb_build_object('actor', jsonb_build_object('id', actor, 'kind', principal, 'name', actor),
      'command', 'spec.section.update', 'correlationId', event_id),
    event_id, recorded_at, sha256('previous'), sha256(event_id::text::bytea)
  from ${made} order by n, version`;
const entries = `
  insert into specline.audit_entry (organization_id, recorded_at, entry_id, kind, type, seq, stream_id, version, spec_id, section,
    command, transition, actor_id, actor_kind, actor_name, on_behalf_of, correlation_id, reason, hash_after, terms)
  select organization_id, recorded_at, event_id, 'event', case when version = 20 then 'spec.lifecycle.deferred'
      else 'spec.section.updated' end, n * ${eventsPerStream} + version, stream_id, version, stream_id,
    case when version <> 20 then t.key end, 'spec.section.update', case when version = 20 then 'deferred' end, actor, principal, actor,
    case when n % 50 = 0 then 'token' end, event_id, case when version = 20 then 'It is time for it.' end, t.hash,
    array(select right(organization_id::text, 6) || word from unnest(t.words) word)
  from ${made}`;

/**
 * Fills a migrated database whose workers are at rest. The indexes of the trail are made anew behind it.
 *
 * @param {string} databaseUrl
 * @param {{ events: number, organizationId: string }} what `organizationId` is the one that is measured
 */
export async function fillAudit(databaseUrl, { events: count, organizationId }) {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const start = performance.now();
  const seconds = () => ((performance.now() - start) / 1000).toFixed(0);
  try {
    await client.query('set synchronous_commit = off');
    await client.query(`set maintenance_work_mem = '512MB'`);
    await texts(client);
    const { rows: indexes } = await client.query(`select indexname, indexdef from pg_indexes
      where schemaname = 'specline' and tablename = 'audit_entry' and indexname <> 'audit_entry_pkey'`);
    for (const { indexname } of indexes) await client.query(`drop index specline.${indexname}`);
    const last = Math.ceil(count / eventsPerStream);
    for (let first = 1; first <= last; first += portion) {
      const until = Math.min(first + portion - 1, last);
      const numbers = [first, until, organizationId];
      for (const statement of [streams, events, entries]) await client.query(statement, numbers);
      tell(`filled with ${until * eventsPerStream} of ${count} events after ${seconds()} s`);
    }
    for (const { indexdef } of indexes) await client.query(indexdef);
    // What was filled in is final, and nobody's work.
    await client.query(`update specline.watermark set position = (select last_value from specline.event_seq)`);
    await client.query(`update specline.checkpoint set position = (select last_value from specline.event_seq)`);
    await client.query('vacuum analyze');
    await client.query('checkpoint');
    tell(`indexed and analyzed after ${seconds()} s`);
  } finally {
    await client.end();
  }
}

/**
 * The sections of the corpus, at most 2000 characters of each; made up ones where there is no corpus.
 *
 * @param {pg.Client} client
 */
async function texts(client) {
  const documents = corpusMissing ? [document(1), document(2)] : corpusFiles().map(({ bytes }) => bytes.toString());
  const sections = documents.flatMap((text) =>
    text
      .split(/^## /m)
      .slice(1)
      .map((section) => {
        const [heading, ...lines] = section.split('\n');
        const key =
          heading
            .toLowerCase()
            .replaceAll(/[^a-z0-9]+/g, '-')
            .replaceAll(/^-|-$/g, '')
            .slice(0, 60) || 'section';
        return { key, body: `${lines.join('\n').slice(0, 2000).replaceAll('\u0000', '')}\n` };
      }),
  );
  await client.query('create temp table fill_text (id int primary key, key text, body text, hash text, words text[])');
  await client.query(
    `insert into fill_text select row_number() over () - 1, key, body, encode(sha256(convert_to(body, 'UTF8')), 'hex'),
        tsvector_to_array(to_tsvector('english', body))
      from jsonb_to_recordset($1) as x (key text, body text)`,
    [JSON.stringify(sections)],
  );
  await client.query('analyze fill_text');
}

/**
 * A number as an id, in SQL.
 *
 * @param {string} kind a hex digit
 * @param {string} number
 */
function idOf(kind, number) {
  return `('${kind}0000000-0000-4000-8000-' || lpad(to_hex((${number})::bigint), 12, '0'))::uuid`;
}
