import type { ClientBase } from 'pg';
import type { ProjectionTable } from './projection-tables.js';
import { columnName } from './projection-tables.js';

/** Where tables stand beside the live ones: those that are being filled, and those that were live before the last swap. */
export type Place = 'next' | 'previous';

/** The name of a table of a projection, live or beside. */
export const tableAt = (table: ProjectionTable, place: Place | 'live'): string =>
  `specline.${place === 'live' ? table.name : `${table.name}__${place}`}`;

const columnsOf = `select a.attname || ' ' || format_type(a.atttypid, a.atttypmod) as "column"
  from pg_attribute a where a.attrelid = to_regclass($1) and a.attnum > 0 and not a.attisdropped order by 1`;
const optionsOf = `select array_to_string(reloptions, ', ') as "options" from pg_class where oid = $1::regclass`;
/** The index of a constraint is made first and then becomes the constraint's, in one go with the others. */
const indexesOf = `select c.relname as "name", pg_get_indexdef(i.indexrelid) as "definition", x.contype as "constraint"
  from pg_index i join pg_class c on c.oid = i.indexrelid
  left join pg_constraint x on x.conindid = i.indexrelid and x.contype in ('p', 'u')
  where i.indrelid = to_regclass($1) order by 1`;
const policiesOf = `select format('create policy %I on %s as %s for %s to %s', p.polname, $2::text,
      case when p.polpermissive then 'permissive' else 'restrictive' end,
      case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end,
      (select string_agg(case role when 0 then 'public' else quote_ident(pg_get_userbyid(role)) end, ', ') from unnest(p.polroles) role))
    || coalesce(' using (' || pg_get_expr(p.polqual, p.polrelid) || ')', '')
    || coalesce(' with check (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '') as "statement"
  from pg_policy p where p.polrelid = $1::regclass order by p.polname`;
const grantsOf = `select format('grant %s on %s to %s%s', g.privilege_type, $2::text,
      case g.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(g.grantee)) end,
      case when g.is_grantable then ' with grant option' else '' end) as "statement"
  from pg_class c
    cross join aclexplode(c.relacl) with ordinality as g (grantor, grantee, privilege_type, is_grantable, number)
  where c.oid = $1::regclass and g.grantee <> c.relowner order by g.number`;
const securityOf = `select format('alter table %s owner to %I', $2::text, pg_get_userbyid(relowner)) as "owner",
    relrowsecurity as "enabled", relforcerowsecurity as "forced" from pg_class where oid = $1::regclass`;

/**
 * Makes empty tables in the shape of the live ones, without indexes and open to nobody but their owner: COPY is refused
 * by a table with row-level security.
 */
export async function createBeside(client: ClientBase, tables: readonly ProjectionTable[]): Promise<void> {
  for (const table of tables) {
    const [live, next] = [tableAt(table, 'live'), tableAt(table, 'next')];
    const [settings] = await ask<{ options: string | null }>(client, optionsOf, [live]);
    await client.query(`create table ${next} (like ${live} including all excluding indexes)
      ${settings?.options ? `with (${settings.options})` : ''}`);
  }
}

/** Gives loaded tables what the live ones have: indexes and constraints, statistics, row-level security, grants, owner. */
export async function finishBeside(client: ClientBase, tables: readonly ProjectionTable[]): Promise<void> {
  for (const table of tables) {
    const [live, next] = [tableAt(table, 'live'), tableAt(table, 'next')];
    for (const { name, definition, constraint } of await indexes(client, live)) {
      const own = `${name}__next`;
      const head = /^CREATE (UNIQUE )?INDEX \S+ ON \S+ USING /;
      if (!head.test(definition)) throw new Error(`the index ${name} cannot be copied: ${definition}`);
      await client.query(definition.replace(head, `create $1index ${own} on ${next} using `));
      if (constraint) {
        const kind = constraint === 'p' ? 'primary key' : 'unique';
        await client.query(`alter table ${next} add constraint ${own} ${kind} using index ${own}`);
      }
    }
    await client.query(`analyze ${next}`);
    const [security] = await ask<{ owner: string; enabled: boolean; forced: boolean }>(client, securityOf, [
      live,
      next,
    ]);
    if (security?.enabled) await client.query(`alter table ${next} enable row level security`);
    if (security?.forced) await client.query(`alter table ${next} force row level security`);
    for (const statements of [policiesOf, grantsOf]) {
      for (const { statement } of await ask<{ statement: string }>(client, statements, [live, next])) {
        await client.query(statement);
      }
    }
    if (security) await client.query(security.owner);
  }
}

/** Removes the tables at a place, if there are any. */
export async function dropBeside(client: ClientBase, tables: readonly ProjectionTable[], place: Place): Promise<void> {
  await client.query(`drop table if exists ${tables.map((table) => tableAt(table, place)).join(', ')}`);
}

/**
 * The statements that put the tables of a place live, and the live ones at `previous`: renames only. Indexes go along,
 * so that every generation of a table is called alike.
 */
export async function exchange(client: ClientBase, tables: readonly ProjectionTable[], place: Place): Promise<string> {
  const statements: string[] = [];
  const rename = (kind: 'table' | 'index', from: string, to: string) =>
    statements.push(`alter ${kind} specline.${from} rename to ${to}`);
  for (const table of tables) {
    const { name } = table;
    const live = (await indexes(client, tableAt(table, 'live'))).map((index) => index.name);
    rename('table', name, `${name}__outgoing`);
    for (const index of live) rename('index', index, `${index}__outgoing`);
    rename('table', `${name}__${place}`, name);
    for (const index of await indexes(client, tableAt(table, place))) {
      rename('index', index.name, index.name.replace(`__${place}`, ''));
    }
    rename('table', `${name}__outgoing`, `${name}__previous`);
    for (const index of live) rename('index', `${index}__outgoing`, `${index}__previous`);
  }
  return statements.join(';\n');
}

/** What keeps the tables of a place from standing in for the live ones, in words; undefined where nothing does. */
export async function shapeProblem(
  client: ClientBase,
  tables: readonly ProjectionTable[],
  place: Place,
): Promise<string | undefined> {
  for (const table of tables) {
    const columns = async (name: string) =>
      (await ask<{ column: string }>(client, columnsOf, [name])).map(({ column }) => column);
    const [live, beside] = [await columns(tableAt(table, 'live')), await columns(tableAt(table, place))];
    if (beside.length === 0) return `there is no table ${tableAt(table, place)}`;
    const odd = live.find((column) => !beside.includes(column)) ?? beside.find((column) => !live.includes(column));
    if (odd) return `${tableAt(table, place)} and ${tableAt(table, 'live')} differ in the column ${odd}`;
    const unknown = Object.keys(table.columns).find(
      (field) => !live.some((one) => one.startsWith(`${columnName(field)} `)),
    );
    if (unknown) return `${tableAt(table, 'live')} has no column ${columnName(unknown)}: run the migrations first`;
  }
  return undefined;
}

const indexes = (client: ClientBase, name: string) =>
  ask<{ name: string; definition: string; constraint: string | null }>(client, indexesOf, [name]);

async function ask<R extends object>(client: ClientBase, text: string, values: readonly unknown[]): Promise<R[]> {
  return (await client.query<R>(text, [...values])).rows;
}
