import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { finished } from 'node:stream/promises';
import type { ProjectionTable, Row, RowChange, SqlType } from './projection-tables.js';
import { columnName } from './projection-tables.js';

/** Rows on their way into tables by COPY, as text, a table each. */
export class CopyBuffer {
  private readonly lines = new Map<ProjectionTable, string[]>();
  /** Characters that are waiting. */
  size = 0;
  rows = 0;

  add(table: ProjectionTable, row: Row): void {
    const line = lineOf(table, row);
    const lines = this.lines.get(table) ?? [];
    this.lines.set(table, lines);
    lines.push(line);
    this.size += line.length;
    this.rows++;
  }

  /** Sends everything in the transaction of the client. @param nameOf the table that stands for a projection's */
  async flush(client: ClientBase, nameOf: (table: ProjectionTable) => string): Promise<void> {
    for (const [table, lines] of this.lines) {
      const columns = Object.keys(table.columns).map(columnName).join(', ');
      const sink = client.query(copyFrom(`copy ${nameOf(table)} (${columns}) from stdin`));
      sink.end(lines.join(''));
      await finished(sink);
    }
    this.lines.clear();
    this.size = 0;
    this.rows = 0;
  }
}

/** A row as a line of COPY's text format. */
function lineOf(table: ProjectionTable, row: Row): string {
  let line = '';
  for (const [field, type] of Object.entries<SqlType>(table.columns)) {
    const value = row[field];
    line += `${line === '' ? '' : '\t'}${value === null || value === undefined ? '\\N' : escaped(textOf(value, type))}`;
  }
  return `${line}\n`;
}

function textOf(value: unknown, type: SqlType): string {
  if (type === 'jsonb') return JSON.stringify(value);
  if (type === 'text[]') {
    const items = (value as readonly string[]).map((item) => `"${item.replace(/["\\]/g, '\\$&')}"`);
    return `{${items.join()}}`;
  }
  return String(value);
}

const special = /[\\\t\n\r]/;
const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
const escaped = (text: string): string =>
  special.test(text) ? text.replace(/[\\\t\n\r]/g, (character) => escapes[character] ?? character) : text;

/**
 * Brings rows up to date in tables that hold earlier states of them.
 *
 * @param whole a put says every column; otherwise null in a large column means as it was (ProjectionTable.keep)
 */
export async function applyChanges(
  client: ClientBase,
  changes: readonly RowChange[],
  nameOf: (table: ProjectionTable) => string,
  whole: boolean,
): Promise<void> {
  const tables = new Map<ProjectionTable, { put: Row[]; drop: Row[] }>();
  for (const change of changes) {
    const rows = tables.get(change.table) ?? { put: [], drop: [] };
    tables.set(change.table, rows);
    if ('put' in change) rows.put.push(change.put);
    else rows.drop.push(change.drop);
  }
  for (const [table, { put, drop }] of tables) {
    if (drop.length > 0) await client.query(dropRows(table, nameOf(table)), [JSON.stringify(drop)]);
    if (put.length > 0) await client.query(putRows(table, nameOf(table), whole), [JSON.stringify(put)]);
  }
}

/** Fields as the column definitions of a record read from JSON. */
const quotedFields = (fields: readonly (readonly [string, SqlType])[]): string =>
  fields.map(([field, type]) => `"${field}" ${type}`).join(', ');

function dropRows({ columns, key }: ProjectionTable, name: string): string {
  const keys = Object.entries<SqlType>(columns).filter(([field]) => key.includes(field));
  return `delete from ${name} t using jsonb_to_recordset($1) as r (${quotedFields(keys)})
    where ${keys.map(([field]) => `t.${columnName(field)} = r."${field}"`).join(' and ')}`;
}

function putRows({ columns, key, keep }: ProjectionTable, name: string, whole: boolean): string {
  const all = Object.entries<SqlType>(columns);
  const assign = all
    .map(([field]) => field)
    .filter((field) => !key.includes(field))
    .map((field) => {
      const column = columnName(field);
      const kept = !whole && keep.includes(field);
      return `${column} = ${kept ? `coalesce(excluded.${column}, t.${column})` : `excluded.${column}`}`;
    });
  return `insert into ${name} as t (${all.map(([field]) => columnName(field)).join(', ')})
    select ${all.map(([field]) => `r."${field}"`).join(', ')} from jsonb_to_recordset($1) as r (${quotedFields(all)})
    on conflict (${key.map(columnName).join(', ')}) do update set ${assign.join(', ')}`;
}
