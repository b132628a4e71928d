import type { ContractDefinition } from './contracts.js';
import { breaksOf } from './contracts.js';

/** A contract in one spec, as it was approved or as it is drafted. `approvedAt` is null for a draft. */
export type ContractRow = {
  specId: string;
  number: number;
  title: string;
  lifecycle: string;
  standing: 'approved' | 'draft';
  definition: ContractDefinition;
  section: string;
  line: number;
  approvedAt: string | null;
  /** Whether a draft stands beside what is approved of the spec. */
  isAmended: boolean;
};

export type ContractRole = 'introduces' | 'changes' | 'repeats';
export type BrokenPromise = { promisedBy: string; brokenBy: string; how: string[] };

/**
 * What the rows of one contract come to. The first that was approved introduces it (the first draft where none is); of
 * the others those change it that describe it otherwise than the last approved one before them. Contested: drafts of
 * two specs give it. Broken: a draft does not keep what an approved spec promises, be it that spec's own amendment.
 */
export function standingsOf(rows: readonly ContractRow[]): {
  specs: (ContractRow & { role: ContractRole })[];
  contestedBy: string[];
  broken: BrokenPromise[];
} {
  const approved = rows.filter(({ standing }) => standing === 'approved').sort(byApproval);
  const drafts = rows.filter(({ standing }) => standing === 'draft').sort((a, b) => a.number - b.number);
  let last: ContractRow | undefined;
  const specs = [...approved, ...drafts].map((row, index) => {
    const differs = last !== undefined && !isSame(last.definition, row.definition);
    if (row.standing === 'approved' || last === undefined) last = row;
    return {
      ...row,
      role: index === 0 ? ('introduces' as const) : differs ? ('changes' as const) : ('repeats' as const),
    };
  });
  const drafting = [...new Set(drafts.map(({ specId }) => specId))];
  return { specs, contestedBy: drafting.length > 1 ? drafting : [], broken: brokenPromises(approved, drafts) };
}

function brokenPromises(approved: readonly ContractRow[], drafts: readonly ContractRow[]): BrokenPromise[] {
  return approved.flatMap((promise) => {
    const own = drafts.find(({ specId }) => specId === promise.specId);
    const others = drafts.filter(({ specId }) => specId !== promise.specId);
    const amended = promise.isAmended
      ? [{ specId: promise.specId, how: breaksOf(promise.definition, own?.definition) }]
      : [];
    const compared = others.map(({ specId, definition }) => ({
      specId,
      how: breaksOf(promise.definition, definition),
    }));
    return [...amended, ...compared].flatMap(({ specId, how }) =>
      how.length === 0 ? [] : [{ promisedBy: promise.specId, brokenBy: specId, how }],
    );
  });
}

const byApproval = (one: ContractRow, other: ContractRow): number =>
  (one.approvedAt ?? '').localeCompare(other.approvedAt ?? '') || one.number - other.number;

const isSame = (one: ContractDefinition, other: ContractDefinition): boolean =>
  breaksOf(one, other).length === 0 && breaksOf(other, one).length === 0;
