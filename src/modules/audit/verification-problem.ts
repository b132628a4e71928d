/**
 * What can be wrong with evidence. The words are part of the command's JSON output: add, never rename.
 * docs/evidence.md says what each means.
 */
export type Check =
  // the file
  | 'malformed_line'
  | 'truncated'
  | 'file_altered'
  | 'file_removed'
  | 'file_inserted'
  // keys and seals
  | 'bad_key'
  | 'unknown_key'
  | 'retired_key'
  | 'bad_signature'
  | 'wrong_organization'
  | 'missing_seal'
  | 'forked_seal'
  | 'wrong_size'
  | 'wrong_time'
  | 'wrong_root'
  | 'wrong_ledger'
  // events
  | 'event_altered'
  | 'event_removed'
  | 'event_inserted'
  | 'event_reordered'
  | 'wrong_proof'
  | 'broken_chain';

/** One thing that is wrong, and where, as far as it is known. */
export type Problem = {
  check: Check;
  message: string;
  /** In a bundle: the name of the file. */
  file?: string;
  /** The line of the file, from 1. */
  line?: number;
  /** The number of the seal. */
  seal?: number;
  /** The event's place in the organization's history, from 1. */
  position?: number;
  streamId?: string;
  version?: number;
  eventId?: string;
};

/** How many problems are kept; of more only the number. */
const kept = 1000;

/** The problems found so far, in the order of the file. */
export class Problems {
  readonly list: Problem[] = [];
  more = 0;

  add(...problems: readonly Problem[]): void {
    for (const problem of problems) {
      if (this.list.length < kept) this.list.push(problem);
      else this.more++;
    }
  }

  get isFull(): boolean {
    return this.list.length >= kept;
  }
}

/**
 * Some problems are with an event for certain, a broken link is with one of two, and others may have been caused by an
 * event elsewhere: of the most certain kind the first counts.
 */
export function firstEvent(problems: readonly Problem[]): Problem | null {
  const kinds = [
    problems.filter(({ check }) => check.startsWith('event_')),
    problems.filter(({ check }) => check === 'broken_chain'),
    problems.filter(({ check, streamId }) => check === 'wrong_root' || streamId !== undefined),
  ];
  const place = ({ position }: Problem): number => position ?? Infinity;
  const found = kinds.find((kind) => kind.length > 0) ?? [];
  return found.reduce<Problem | null>((first, one) => (first && place(first) <= place(one) ? first : one), null);
}
