import { runOn } from './workbench.mjs';

/** How many sections each spec has. */
const sections = 10;

/**
 * Writes history straight into a migrated database, as fast as it goes: specs of 10 sections, each created by its first
 * event and then edited, a section at a time. An event is about 1 KB. Hashes are random: nothing that is measured on this
 * history checks them.
 *
 * @param {string} url
 * @param {{ streams: number, eventsPerStream: number }} size
 */
export async function writeHistory(url, { streams, eventsPerStream }) {
  await runOn(url, `create extension if not exists pgcrypto`).catch(() => undefined);
  await runOn(
    url,
    `with organization as (select gen_random_uuid() as organization_id, o from generate_series(1, 16) o),
      spec as (
        select organization_id, md5('spec ' || n)::uuid as stream_id, n
        from generate_series(1, $1::int) n join organization on o = n % 16 + 1),
      begun as (
        insert into specline.stream (organization_id, stream_id, stream_type, version, last_hash)
        select organization_id, stream_id, 'spec', $2::int, sha256(stream_id::text::bytea) from spec),
      text as (select string_agg(md5(i::text), ' ') as body from generate_series(1, 22) i)
    insert into specline.event (organization_id, stream_id, version, event_id, type, schema_version, payload, metadata,
      command_id, recorded_at, previous_hash, hash)
    select organization_id, stream_id, version, gen_random_uuid(),
      case version when 1 then 'spec.document.created' else 'spec.section.updated' end, 1,
      case version when 1 then jsonb_build_object('number', n, 'title', 'Spec ' || n,
          'template', jsonb_build_object('key', 'spec', 'version', 1), 'labels', '["bench"]'::jsonb, 'owner', null,
          'preamble', '# Spec ' || n || E'\\n\\n', 'sections', (
            select jsonb_agg(jsonb_build_object('key', 'section-' || s, 'heading', 'Section ' || s,
              'headingSource', '## Section ' || s || E'\\n', 'body', left(body, 60) || E'\\n', 'contentHash', repeat('ab', 32)))
            from generate_series(1, ${sections}) s))
        else jsonb_build_object('key', 'section-' || (version % ${sections} + 1), 'contentHash', repeat('cd', 32),
          'body', 'Edit ' || version || E'.\\n' || body || E'\\n') end,
      jsonb_build_object('actor', jsonb_build_object('id', organization_id, 'kind', 'service', 'name', 'bench'),
        'command', 'spec.section.update', 'correlationId', gen_random_uuid()),
      gen_random_uuid(), now() + version * interval '1 second', sha256('previous'), sha256(n::text::bytea)
    from spec, text, generate_series(1, $2::int) version order by version, n`,
    [streams, eventsPerStream],
  );
  await runOn(url, 'vacuum analyze specline.event, specline.stream');
}
