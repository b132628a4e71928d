-- Writes history straight into a migrated database, as fast as it goes: $1 specs of 10 sections in 16 organizations, each
-- created by its first event and edited by the others, $2 events of about 1 KB a spec, interleaved as time goes by. Hashes are
-- made up and no read model is filled: good only for what does not look at them.
with organization as (select gen_random_uuid() as organization_id, o from generate_series(1, 16) o),
  spec as (
    select organization_id, md5('spec ' || n)::uuid as stream_id, n
    from generate_series(1, $1::int) n join organization on o = n % 16 + 1),
  begun as (
    insert into specline.stream (organization_id, stream_id, stream_type, version, last_hash)
    select organization_id, stream_id, 'spec', $2::int, sha256(stream_id::text::bytea) from spec),
  text as (select string_agg(md5(i::text), ' ') as body from generate_series(1, 22) i),
  sections as (
    select jsonb_agg(jsonb_build_object('key', 'section-' || s, 'heading', 'Section ' || s,
      'headingSource', '## Section ' || s || E'\n', 'body', left(body, 60) || E'\n', 'contentHash', repeat('ab', 32))) as list
    from generate_series(1, 10) s, text)
insert into specline.event (organization_id, stream_id, version, event_id, type, schema_version, payload, metadata,
  command_id, recorded_at, previous_hash, hash)
select organization_id, stream_id, version, gen_random_uuid(),
  case version when 1 then 'spec.document.created' else 'spec.section.updated' end, 1,
  case version when 1 then jsonb_build_object('number', n, 'title', 'Spec ' || n, 'labels', '["bench"]'::jsonb,
      'template', jsonb_build_object('key', 'spec', 'version', 1), 'owner', null,
      'preamble', '# Spec ' || n || E'\n\n', 'sections', list)
    else jsonb_build_object('key', 'section-' || (version % 10 + 1), 'contentHash', repeat('cd', 32),
      'body', 'Edit ' || version || E'.\n' || body || E'\n') end,
  jsonb_build_object('actor', jsonb_build_object('id', organization_id, 'kind', 'service', 'name', 'bench'),
    'command', 'spec.section.update', 'correlationId', gen_random_uuid()),
  gen_random_uuid(), now() + version * interval '1 second', sha256('previous'), sha256(n::text::bytea)
from spec, text, sections, generate_series(1, $2::int) version order by version, n
