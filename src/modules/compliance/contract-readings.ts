import { Injectable } from '@nestjs/common';
import { Database } from '../event-store/database.js';
import { SpecElementQueries } from '../specs/spec-elements.queries.js';
import type { SpecPage } from '../specs/spec-page.queries.js';
import { SpecPageQueries } from '../specs/spec-page.queries.js';
import { contractsOf } from './contracts.js';

/** Raised when contracts are read otherwise: every spec is then read anew. */
const reader = 3;
/** Milliseconds that one request spends on reading specs, beyond the first. */
const readingTime = 1500;

const open = `('draft', 'in_review')`;
const inForce = `('approved', 'in_implementation', 'implemented')`;
/**
 * What should be read of each spec: its content while it is open, and what was approved while that is in force; null
 * where there is nothing to read.
 */
const wanted = `select s.organization_id, s.spec_id,
    case when s.lifecycle in ${open} then s.content_hash end as draft_hash,
    case when (case when s.review #>> '{inForce,revision}' = s.review ->> 'revision' then s.lifecycle
      else s.review #>> '{inForce,lifecycle}' end) in ${inForce} then s.review #>> '{inForce,contentHash}' end as approved_hash,
    (s.review #>> '{inForce,version}')::bigint as approved_version,
    (s.review #>> '{inForce,approvedAt}')::timestamptz as approved_at, s.content_hash
  from specline.spec s where s.organization_id = $1`;
const isBehind = `r.reader is distinct from ${reader} or r.draft_hash is distinct from w.draft_hash
  or r.approved_hash is distinct from w.approved_hash`;
const behind = {
  name: 'contracts.behind',
  text: `select w.spec_id as "specId", w.draft_hash as "draftHash", w.approved_hash as "approvedHash",
      w.approved_version as "approvedVersion", w.approved_at as "approvedAt", w.content_hash as "contentHash",
      count(*) over ()::int as pending
    from (${wanted}) w left join specline.contract_reading r using (organization_id, spec_id)
    where ${isBehind} order by w.spec_id limit 25`,
};
/** Rows of a slower writer, who read an earlier content, have its hash: nobody counts them. */
const keep = {
  name: 'contracts.keep',
  text: `with read as (
      select * from jsonb_to_recordset($3) as x (standing text, kind text, id text, definition jsonb, section text,
        line integer, "contentHash" text)),
    gone as (
      delete from specline.contract c where c.organization_id = $1 and c.spec_id = $2 and not exists (
        select from read x where x.standing = c.standing and x.kind = c.kind and x.id = c.id)),
    kept as (
      insert into specline.contract as c (organization_id, spec_id, standing, kind, id, definition, section, line, content_hash)
      select $1, $2, standing, kind, id, definition, section, line, "contentHash" from read
      on conflict (organization_id, spec_id, standing, kind, id) do update set definition = excluded.definition,
        section = excluded.section, line = excluded.line, content_hash = excluded.content_hash)
    insert into specline.contract_reading (organization_id, spec_id, reader, draft_hash, approved_hash, approved_at)
    values ($1, $2, ${reader}, $4, $5, $6)
    on conflict (organization_id, spec_id) do update set reader = excluded.reader, draft_hash = excluded.draft_hash,
      approved_hash = excluded.approved_hash, approved_at = excluded.approved_at`,
};

type Wanted = {
  specId: string;
  draftHash: string | null;
  approvedHash: string | null;
  approvedVersion: number | null;
  approvedAt: Date | null;
  contentHash: string;
  pending: number;
};

/**
 * Reads the contracts out of specs when somebody asks for them (ADR 19): writers leave it alone, for whom it would cost
 * more than all the rest, and whoever asks sees every write that came before.
 */
@Injectable()
export class ContractReadings {
  constructor(
    private readonly database: Database,
    private readonly specs: SpecPageQueries,
    private readonly elements: SpecElementQueries,
  ) {}

  /** Reads what changed since it was read last, for a second and a half. @returns how many specs are left */
  async catchUp(organizationId: string): Promise<number> {
    const until = performance.now() + readingTime;
    for (;;) {
      const found = await this.database.query<Wanted>(organizationId, behind, [organizationId]);
      for (const [index, one] of found.entries()) {
        if (performance.now() > until) return one.pending - index;
        await this.read(organizationId, one);
      }
      if (found.length === 0) return 0;
    }
  }

  private async read(organizationId: string, wanted: Wanted): Promise<void> {
    const { specId, draftHash, approvedHash, approvedVersion, approvedAt, contentHash } = wanted;
    const present = draftHash ?? (approvedHash === contentHash ? approvedHash : null);
    const [now, approved] = [
      present === null ? undefined : await this.specs.page(organizationId, specId),
      approvedHash === null || approvedHash === present || approvedVersion === null
        ? undefined
        : await this.specs.page(organizationId, specId, { version: approvedVersion }),
    ];
    const rows = [
      ...(now && draftHash ? this.rows(now, 'draft') : []),
      ...(now && approvedHash === present ? this.rows(now, 'approved') : []),
      ...(approved ? this.rows(approved, 'approved') : []),
    ];
    const values = [organizationId, specId, JSON.stringify(rows), draftHash, approvedHash, approvedAt];
    await this.database.query(organizationId, keep, values);
  }

  private rows(page: SpecPage, standing: 'draft' | 'approved'): object[] {
    const { contentHash } = page.row;
    return contractsOf(this.elements.of(page)).map((contract) => ({ ...contract, standing, contentHash }));
  }
}
