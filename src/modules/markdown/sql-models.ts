import { parse } from 'pgsql-ast-parser';
import type { CreateColumnDef, DataTypeDef, Statement } from 'pgsql-ast-parser';
import { codeLimits } from './fences.js';
import type { DeclaredModel } from './code-models.js';
import type { DataModelField } from './design-elements.view.js';

const mostStatements = 100;

/** Tables an SQL text creates or extends, and the statements about tables that could not be read. */
export function sqlModels(code: string): { models: DeclaredModel[]; unread: { start: number; end: number }[] } {
  const models: DeclaredModel[] = [];
  const unread: { start: number; end: number }[] = [];
  const tables = statementsIn(code).filter(({ text }) => /^(?:create (?:\w+ ){0,2}table|alter table)\b/i.test(text));
  for (const [index, { text, start, end }] of tables.entries()) {
    const read = index < mostStatements ? readStatement(text) : null;
    if (read) models.push(...read.map((model) => ({ ...model, form: 'sql' as const, start, end })));
    else unread.push({ start, end });
  }
  return { models, unread };
}

/** Cuts at semicolons outside quotes and comments; comments before a statement are no part of it. */
function statementsIn(code: string): { text: string; start: number; end: number }[] {
  // An unclosed comment or quote runs to the end: without that, many of them would take quadratic time.
  const token = /--[^\n]*|\/\*(?:[^*]|\*(?!\/))*(?:\*\/|$)|'[^']*(?:'|$)|"[^"]*(?:"|$)|;|[^\s;]/g;
  const ranges: { start: number; end: number }[] = [];
  let open: { start: number; end: number } | null = null;
  for (const match of code.matchAll(token)) {
    if (match[0] === ';') open = null;
    else if (open) open.end = match.index + match[0].length;
    else if (!match[0].startsWith('--') && !match[0].startsWith('/*')) {
      open = { start: match.index, end: match.index + match[0].length };
      ranges.push(open);
    }
  }
  return ranges.map(({ start, end }) => ({ text: code.slice(start, end), start, end }));
}

function readStatement(text: string): Pick<DeclaredModel, 'name' | 'fields'>[] | null {
  if (text.length > codeLimits.statement) return null;
  try {
    return parse(text).flatMap(modelOf);
  } catch {
    return null;
  }
}

function modelOf(statement: Statement): Pick<DeclaredModel, 'name' | 'fields'>[] {
  if (statement.type === 'create table') {
    const fields = statement.columns.flatMap((column) => (column.kind === 'column' ? [fieldOf(column)] : []));
    return [{ name: statement.name.name, fields }];
  }
  if (statement.type !== 'alter table') return [];
  const fields = statement.changes.flatMap((change) => (change.type === 'add column' ? [fieldOf(change.column)] : []));
  return fields.length > 0 ? [{ name: statement.table.name, fields }] : [];
}

function fieldOf(column: CreateColumnDef): DataModelField {
  const constraints = (column.constraints ?? []).map((constraint) => constraint.type);
  const required = constraints.includes('not null') || constraints.includes('primary key');
  return {
    name: column.name.name,
    type: typeText(column.dataType),
    nullable: !required,
    description: null,
    constraints: constraints.length > 0 ? constraints.join(', ').toUpperCase() : null,
  };
}

function typeText(type: DataTypeDef): string {
  if (type.kind === 'array') return `${typeText(type.arrayOf)}[]`;
  return type.config && type.config.length > 0 ? `${type.name}(${type.config.join(',')})` : type.name;
}
