import type { ClientBase } from 'pg';
import type { AuditEntry } from './audit-entry.js';
import { termsOf } from './words.js';

/**
 * What an event of a spec's section changed: the hash that its body had before, where the entry does not say it. The last
 * event that says something of the body is looked for; a whole document says something of all of its sections.
 */
const hashBefore = `(
  select coalesce(p.payload ->> 'contentHash', p.payload -> 'section' ->> 'contentHash',
      (select s ->> 'contentHash' from jsonb_array_elements(p.payload -> 'sections') s where s ->> 'key' = x.section limit 1))
    from specline.event p
    where x.type in ('spec.section.updated', 'spec.section.removed') and p.organization_id = x."organizationId"
      and p.stream_id = x."streamId" and p.version < x.version and (
        p.type = 'spec.section.updated' and p.payload ->> 'key' = x.section
        or p.type = 'spec.section.added' and p.payload -> 'section' ->> 'key' = x.section
        or p.type in ('spec.document.created', 'spec.document.imported'))
    order by p.version desc limit 1)`;

/** A thread says once which spec it is about. */
const specOfStream = `(
  select e.spec_id from specline.audit_entry e
  where e.organization_id = x."organizationId" and e.stream_id = x."streamId" and e.version = 1)`;

const add = {
  name: 'audit.add-entries',
  text: `insert into specline.audit_entry (organization_id, recorded_at, entry_id, kind, type, seq, stream_id, version, spec_id, section,
      command, transition, actor_id, actor_kind, actor_name, on_behalf_of, correlation_id, code, reason, decision, hash_before,
      hash_after, terms)
    select x."organizationId", x."recordedAt", x."entryId", x.kind, x.type, x.seq, x."streamId", x.version,
      coalesce(x."specId", ${specOfStream}), x.section, x.command, x.transition, x."actorId", x."actorKind", x."actorName",
      x."onBehalfOf", x."correlationId", x.code, x.reason, x.decision, coalesce(x."hashBefore", ${hashBefore}), x."hashAfter",
      string_to_array(x.text, ' ')
    from jsonb_to_recordset($1) as x ("organizationId" uuid, "recordedAt" timestamptz, "entryId" uuid, kind text, type text,
      seq bigint, "streamId" uuid, version bigint, "specId" uuid, section text, command text, transition text, "actorId" text,
      "actorKind" text, "actorName" text, "onBehalfOf" text, "correlationId" text, code text, reason text, decision jsonb,
      "hashBefore" text, "hashAfter" text, text text)
    on conflict do nothing`,
};

/** Writes entries of the trail; one that is there already stays as it is. */
export async function addEntries(client: ClientBase, entries: readonly AuditEntry[]): Promise<void> {
  // A thread's later events find its first one, which may be in the same batch.
  const [first, later] = [
    entries.filter(({ version }) => version === 1),
    entries.filter(({ version }) => version !== 1),
  ];
  for (const some of [first, later]) {
    if (some.length === 0) continue;
    const terms = await termsOf(some, client);
    // Of the text nothing but its terms is kept.
    const rows = some.map((entry, at) => ({ ...entry, text: terms[at] }));
    await client.query({ ...add, values: [JSON.stringify(rows)] });
  }
}
