import { parse, parseExpression } from '@babel/parser';
import type { DataModelField } from './design-elements.view.js';
import { codeLimits } from './fences.js';
import { plainText } from './inline.js';

/** A shape declared in code; offsets count from the start of the code. */
export type DeclaredModel = {
  name: string | null;
  form: 'typescript' | 'decorators' | 'json' | 'sql';
  fields: DataModelField[];
  start: number;
  end: number;
};

type Program = ReturnType<typeof parse>['program'];
type Statement = Program['body'][number];
type Declared = Extract<Statement, { type: 'ClassDeclaration' | 'TSInterfaceDeclaration' | 'TSTypeAliasDeclaration' }>;
type Member = Extract<Declared, { type: 'TSInterfaceDeclaration' }>['body']['body'][number];
type ClassMember = Extract<Declared, { type: 'ClassDeclaration' }>['body']['body'][number];
type Located = { start?: number | null; end?: number | null };

/**
 * Classes, interfaces and object types of TypeScript, MikroORM decorators included. Null when it does not parse or is
 * longer than `codeLimits.fence`; an empty list when it parses and declares no shape.
 */
export function typescriptModels(code: string): DeclaredModel[] | null {
  if (code.length > codeLimits.fence) return null;
  const program = programOf(code);
  if (program) return declaredModels(program, code);
  const prefix = fragments.find(({ starts }) => starts.test(code.slice(0, 2000)))?.prefix;
  const wrapped = prefix === undefined ? '' : `${prefix}${code}${prefix.endsWith('{') ? '\n}' : ''}`;
  const fragment = prefix === undefined ? null : programOf(wrapped);
  if (prefix === undefined || !fragment) return null;
  return declaredModels(fragment, wrapped)
    .filter((model) =>
      model.fields.some((field) => field.type !== null && /[a-z]/.test(field.type) && !/^['"]/.test(field.type)),
    )
    .map((model) => ({ ...model, name: null, start: 0, end: code.length }));
}

/** Code of a model without its name: properties of an entity, or the braces of an object type. */
const fragments = [
  { starts: /^(?:\s*\/\/[^\n]*\n)*\s*@\w+/, prefix: 'class Fragment {' },
  { starts: /^(?:\s*\/\/[^\n]*\n)*\s*\{/, prefix: 'type Fragment = ' },
];

function programOf(code: string): Program | null {
  try {
    return parse(code, {
      sourceType: 'module',
      plugins: ['typescript', 'decorators-legacy'],
      errorRecovery: true,
      allowReturnOutsideFunction: true,
    }).program;
  } catch {
    return null;
  }
}

function declaredModels(program: Program, code: string): DeclaredModel[] {
  return program.body.flatMap((statement) => {
    const declared = declarationOf(statement);
    if (!declared) return [];
    const fields = fieldsOf(declared, code);
    if (!fields) return [];
    const decorated = declared.type === 'ClassDeclaration' && (declared.decorators?.length ?? 0) > 0;
    const form = decorated || fields.some((field) => field.constraints?.startsWith('@')) ? 'decorators' : 'typescript';
    const name = declared.id?.name ?? null;
    return [{ name, form, fields, start: statement.start ?? 0, end: statement.end ?? code.length } as const];
  });
}

function declarationOf(statement: Statement): Declared | null {
  const node = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
  const kinds = ['ClassDeclaration', 'TSInterfaceDeclaration', 'TSTypeAliasDeclaration'];
  return node && kinds.includes(node.type) ? (node as Declared) : null;
}

/** The fields of a shape; null for a type alias that is no object, such as a union of strings. */
function fieldsOf(declared: Declared, code: string): DataModelField[] | null {
  if (declared.type === 'ClassDeclaration') return declared.body.body.flatMap((member) => classField(member, code));
  if (declared.type === 'TSInterfaceDeclaration')
    return declared.body.body.flatMap((member) => typeField(member, code));
  const type = declared.typeAnnotation;
  if (type.type === 'TSTypeLiteral') return type.members.flatMap((member) => typeField(member, code));
  return null;
}

function typeField(member: Member, code: string): DataModelField[] {
  if (member.type !== 'TSPropertySignature') return [];
  const name = nameOf(member.key, code);
  const type = member.typeAnnotation ? slice(member.typeAnnotation.typeAnnotation, code) : null;
  const nullable = member.optional === true || (type !== null && /\|\s*(?:null|undefined)\b/.test(type));
  return [{ name, type, nullable, description: remark(member, code), constraints: null }];
}

function classField(member: ClassMember, code: string): DataModelField[] {
  if (member.type !== 'ClassProperty' || member.computed || member.static) return [];
  const decorators = (member.decorators ?? []).map((decorator) => slice(decorator, code));
  const written = member.typeAnnotation?.type === 'TSTypeAnnotation' ? member.typeAnnotation.typeAnnotation : null;
  const options = decorators.join(' ');
  const type = written ? slice(written, code) : (/\btype: ?['"]?([\w.]+)/.exec(options)?.[1] ?? null);
  const nullable = member.optional === true || /\bnullable: ?true\b/.test(options) || /\|\s*null\b/.test(type ?? '');
  const constraints = decorators.length > 0 ? options.replace(/\s+/g, ' ') : null;
  return [{ name: nameOf(member.key, code), type, nullable, description: remark(member, code), constraints }];
}

function nameOf(key: Located & { type: string }, code: string): string {
  return slice(key, code).replace(/^['"]|['"]$/g, '');
}

const slice = (node: Located, code: string): string => code.slice(node.start ?? 0, node.end ?? 0);

/** The comment on the line of a field, else a doc comment right above it. */
function remark(node: Located, code: string): string | null {
  const lineEnd = code.indexOf('\n', node.end ?? 0);
  const after = code.slice(node.end ?? 0, lineEnd < 0 ? code.length : lineEnd);
  const sameLine = /^[;,\s]*\/\/(.*)$/.exec(after)?.[1]?.trim();
  if (sameLine !== undefined && sameLine !== '') return sameLine;
  const before = code.slice(Math.max(0, (node.start ?? 0) - 400), node.start ?? 0).trimEnd();
  const opening = before.endsWith('*/') ? before.lastIndexOf('/**') : -1;
  if (opening < 0) return null;
  const text = before.slice(opening + 3, -2).replace(/\n\s*\*/g, ' ');
  return plainText(text) || null;
}

/** A JSON object (comments allowed) as one model with its top-level members; null when it is none. */
export function jsonModel(code: string): DeclaredModel | null {
  if (code.length > codeLimits.fence) return null;
  try {
    const value = parseExpression(code);
    if (value.type !== 'ObjectExpression') return null;
    const fields = value.properties.flatMap((property): DataModelField[] => {
      if (property.type !== 'ObjectProperty') return [];
      const type = jsonTypes[property.value.type] ?? null;
      const nullable = property.value.type === 'NullLiteral' ? true : null;
      return [
        { name: nameOf(property.key, code), type, nullable, description: remark(property, code), constraints: null },
      ];
    });
    return { name: null, form: 'json', fields, start: value.start ?? 0, end: value.end ?? code.length };
  } catch {
    return null;
  }
}

const jsonTypes: Readonly<Record<string, string>> = {
  StringLiteral: 'string',
  NumericLiteral: 'number',
  UnaryExpression: 'number',
  BooleanLiteral: 'boolean',
  ObjectExpression: 'object',
  ArrayExpression: 'array',
};
