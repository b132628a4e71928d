export type SqlType = 'uuid' | 'text' | 'text[]' | 'bigint' | 'integer' | 'boolean' | 'jsonb' | 'timestamptz';

/** A row of a read model, columns in camelCase; null where nothing is known. */
export type Row = Record<string, unknown>;

/** What an event does to one row: the whole row as it now is (`only` part of it differs from before), or its end. */
export type RowChange = { table: ProjectionTable; put: Row; only?: string } | { table: ProjectionTable; drop: Row };

/**
 * Columns that change together and often: when nothing else of a row does, only they travel. `fromEvent` are columns
 * that the database takes out of the event's payload, column -> member: a long text goes over the wire once. The event is
 * the one whose version is in the row's `version`.
 */
export type PartialChange<R> = {
  set: readonly (keyof R & string)[];
  fromEvent?: Readonly<Partial<Record<keyof R & string, string>>>;
};

/**
 * A table filled by an inline projection. `keep` names the large columns for which null means "as it was", so that
 * a change elsewhere in the row does not carry them again; `partial` the parts that change on their own.
 */
export class ProjectionTable<R extends Row = Row> {
  readonly keep: readonly (keyof R & string)[];
  readonly partial: Readonly<Record<string, PartialChange<R>>>;
  private readonly parts: Record<string, readonly string[]> = {};

  constructor(
    readonly name: string,
    readonly columns: Readonly<Record<keyof R & string, SqlType>>,
    readonly key: readonly (keyof R & string)[],
    {
      keep = [],
      partial = {},
    }: { keep?: readonly (keyof R & string)[]; partial?: Readonly<Record<string, PartialChange<R>>> } = {},
  ) {
    this.keep = keep;
    this.partial = partial;
  }

  /** The row's identity as text, to find the last change of a row within one append. */
  identify(row: Partial<R>): string {
    return `${this.name}\n${this.key.map((column) => String(row[column])).join('\n')}`;
  }

  /** The columns that travel when only a part changed. */
  sent(part: string): readonly string[] {
    return (this.parts[part] ??= [...this.key, ...(this.partial[part]?.set ?? [])]);
  }

  /** @param only the part of the row in which it differs from before, where that is known */
  put(row: R, only?: string): RowChange {
    return { table: this, put: row, only };
  }

  drop(key: Partial<R>): RowChange {
    return { table: this, drop: key };
  }
}

export const columnName = (field: string): string => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Applies row changes in memory: how an earlier version of a read model is shown, and how tests re-fold it. */
export class RowSet {
  private readonly rows = new Map<string, { table: ProjectionTable; row: Row }>();

  apply(changes: readonly RowChange[]): void {
    for (const change of changes) {
      if ('drop' in change) this.rows.delete(change.table.identify(change.drop));
      else {
        const { table, put } = change;
        const id = table.identify(put);
        this.rows.set(id, { table, row: keeping(table, this.rows.get(id)?.row, put) });
      }
    }
  }

  of<R extends Row>(table: ProjectionTable<R>): R[] {
    return [...this.rows.values()].filter((entry) => entry.table.name === table.name).map(({ row }) => row as R);
  }
}

/** The last change of every row in a list of changes, large columns of earlier ones carried along. */
export function lastChanges(changes: readonly RowChange[]): RowChange[] {
  const last = new LastChanges();
  last.add(changes);
  return last.all();
}

/** The last change of every row, gathered as changes come. */
export class LastChanges {
  private readonly last = new Map<string, RowChange>();

  add(changes: readonly RowChange[]): void {
    for (const change of changes) {
      const { table } = change;
      const id = table.identify('put' in change ? change.put : change.drop);
      const before = this.last.get(id);
      const both = before && 'put' in before && 'put' in change;
      this.last.set(id, both ? table.put(keeping(table, before.put, change.put)) : change);
    }
  }

  all(): RowChange[] {
    return [...this.last.values()];
  }
}

function keeping({ keep }: ProjectionTable, before: Row | undefined, row: Row): Row {
  const next = { ...row };
  for (const column of keep) next[column] ??= before?.[column] ?? null;
  return next;
}
