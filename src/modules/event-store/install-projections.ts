import type { DataSource } from 'typeorm';
import type { PartialChange, ProjectionTable, Row, SqlType } from './projection-tables.js';
import { columnName } from './projection-tables.js';

/**
 * (Re)creates specline.project, which the append function calls inside its transaction: static statements, so that
 * their plans are cached, a few a table. Called by the migration runner after the last migration.
 */
export async function installProjections(db: DataSource, tables: readonly ProjectionTable[]): Promise<void> {
  await db.query(`
    create or replace function specline.project(rows jsonb, events jsonb, accepted int[]) returns void language plpgsql as $$
    begin
      ${tables.map(statements).join('\n')}
    end $$`);
}

function statements({ name, columns, key, keep, partial }: ProjectionTable): string {
  const all = Object.entries<SqlType>(columns);
  const quoted = (fields: readonly [string, SqlType][]) =>
    fields.map(([field, type]) => `"${field}" ${type}`).join(', ');
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
        delete from specline.${name} t using jsonb_to_recordset(rows -> '${name}' -> 'drop') as r (item int, ${quoted(keyFields)})
        where (accepted is null or r.item = any (accepted)) and ${keyFields.map(([field]) => `t.${columnName(field)} = r."${field}"`).join(' and ')};
      end if;
      if rows -> '${name}' ? 'put' then
        insert into specline.${name} as t (${names})
        select ${values} from jsonb_to_recordset(rows -> '${name}' -> 'put') as r (item int, ${quoted(all)})
        where (accepted is null or r.item = any (accepted))
        on conflict (${keyFields.map(([field]) => columnName(field)).join(', ')})
        do update set ${rest.map(assign).join(', ')};
      end if;
      ${Object.entries(partial)
        .map(([part, change]) => partialStatement(name, part, all, keyFields, change))
        .join('\n')}`;
}

function partialStatement(
  name: string,
  part: string,
  all: readonly [string, SqlType][],
  key: readonly [string, SqlType][],
  { set, fromEvent = {} }: PartialChange<Row>,
): string {
  const sent = all.filter(([field]) => set.includes(field));
  const fields = [...key, ...sent].map(([field, type]) => `"${field}" ${type}`).join(', ');
  const taken = Object.entries(fromEvent);
  const assigned = [
    ...sent.map(([field]) => `${columnName(field)} = r."${field}"`),
    ...taken.map(([field, member]) => `${columnName(field)} = e.payload ->> '${member}'`),
  ];
  const event =
    taken.length > 0
      ? 'join jsonb_to_recordset(events) as e (item int, version bigint, payload jsonb) on e.item = r.item and e.version = r."version"'
      : '';
  return `
      if rows -> '${name}' ? '${part}' then
        update specline.${name} t set ${assigned.join(', ')}
        from jsonb_to_recordset(rows -> '${name}' -> '${part}') as r (item int, ${fields}) ${event}
        where (accepted is null or r.item = any (accepted)) and ${key.map(([field]) => `t.${columnName(field)} = r."${field}"`).join(' and ')};
      end if;`;
}
