import type { DataSource } from 'typeorm';

export type SqlType = 'uuid' | 'text' | 'text[]' | 'bigint' | 'integer' | 'boolean' | 'jsonb' | 'timestamptz';

/** A row of a read model, columns in camelCase; null where nothing is known. */
export type Row = Record<string, unknown>;

/** What an event does to one row: the whole row as it now is, or its end. */
export type RowChange = { table: ProjectionTable; put: Row } | { table: ProjectionTable; drop: Row };

/**
 * A table filled by an inline projection. `keep` names the large columns for which null means "as it was", so that
 * a change elsewhere in the row does not carry them again.
 */
export class ProjectionTable<R extends Row = Row> {
  constructor(
    readonly name: string,
    readonly columns: Readonly<Record<keyof R & string, SqlType>>,
    readonly key: readonly (keyof R & string)[],
    readonly keep: readonly (keyof R & string)[] = [],
  ) {}

  /** The row's identity as text, to find the last change of a row within one append. */
  identify(row: Partial<R>): string {
    return `${this.name}\n${this.key.map((column) => String(row[column])).join('\n')}`;
  }

  put(row: R): RowChange {
    return { table: this, put: row };
  }

  drop(key: Partial<R>): RowChange {
    return { table: this, drop: key };
  }
}

export const columnName = (field: string): string => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Fields as the column definitions of a record read from JSON. */
export const quotedFields = (fields: readonly (readonly [string, SqlType])[]): string =>
  fields.map(([field, type]) => `"${field}" ${type}`).join(', ');

/**
 * (Re)creates specline.project, which the append function calls inside its transaction: static statements, so that
 * their plans are cached, one pair a table. Called by the migration runner after the last migration.
 */
export async function installProjections(db: DataSource, tables: readonly ProjectionTable[]): Promise<void> {
  await db.query(`
    create or replace function specline.project(rows jsonb, accepted int[]) returns void language plpgsql as $$
    begin
      ${tables.map(statements).join('\n')}
    end $$`);
}

function statements({ name, columns, key, keep }: ProjectionTable): string {
  const all = Object.entries<SqlType>(columns);
  const names = all.map(([field]) => columnName(field)).join(', ');
  const values = all.map(([field]) => `r."${field}"`).join(', ');
  const keyFields = all.filter(([field]) => key.includes(field));
  const rest = all.map(([field]) => field).filter((field) => !key.includes(field));
  const assign = (field: string) => {
    const column = columnName(field);
    return keep.includes(field)
      ? `${column} = coalesce(excluded.${column}, t.${column})`
      : `${column} = excluded.${column}`;
  };
  return `
      if rows -> '${name}' ? 'drop' then
        delete from specline.${name} t using jsonb_to_recordset(rows -> '${name}' -> 'drop') as r (item int, ${quotedFields(keyFields)})
        where r.item = any (accepted) and ${keyFields.map(([field]) => `t.${columnName(field)} = r."${field}"`).join(' and ')};
      end if;
      if rows -> '${name}' ? 'put' then
        insert into specline.${name} as t (${names})
        select ${values} from jsonb_to_recordset(rows -> '${name}' -> 'put') as r (item int, ${quotedFields(all)})
        where r.item = any (accepted)
        on conflict (${keyFields.map(([field]) => columnName(field)).join(', ')})
        do update set ${rest.map(assign).join(', ')};
      end if;`;
}

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
