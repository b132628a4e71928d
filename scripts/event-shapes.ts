import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/**
 * What can be stored in a place: a primitive type or a union of them in words, a list of one shape, an object by its
 * members (`?` behind what may be absent, ` (personal)` behind what names a person), or one of several.
 */
export type Shape = string | readonly [Shape] | { readonly anyOf: readonly Shape[] } | ObjectShape;
export type ObjectShape = { readonly [member: string]: Shape };

/** An event class as it stands in the sources. */
export type EventShape = { schemaVersion: number; shape: ObjectShape };

const folder = join('src', 'events');
const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  strict: true,
  experimentalDecorators: true,
  types: [],
};

/**
 * The shapes of all event classes, by wire name, read from `src/events` with the types they are made of.
 *
 * @param edit gives a source file another text, to see what a change would come to
 * @throws Error when a field can hold what JSON cannot, or anything at all
 */
export function readEventShapes(
  edit: (fileName: string, text: string) => string = (_, text) => text,
): Map<string, EventShape> {
  const host = ts.createCompilerHost(options);
  const readFile = host.readFile.bind(host);
  host.readFile = (fileName) => {
    const text = readFile(fileName);
    return text === undefined ? undefined : edit(fileName, text);
  };
  host.getSourceFile = (fileName, languageVersion) => {
    const text = host.readFile(fileName);
    return text === undefined ? undefined : ts.createSourceFile(fileName, text, languageVersion, true);
  };
  // What is stored depends on no package: none is read.
  host.resolveModuleNameLiterals = (literals, from) =>
    literals.map(({ text }) =>
      text.startsWith('.') ? ts.resolveModuleName(text, from, options, host) : { resolvedModule: undefined },
    );
  const rootNames = readdirSync(folder)
    .filter((name) => name.endsWith('.events.ts'))
    .map((name) => join(folder, name));
  const program = ts.createProgram({ rootNames, options, host });
  const shapes = rootNames.flatMap((name) => shapesIn(program.getSourceFile(name), program.getTypeChecker()));
  return new Map(shapes);
}

/** Of every class that a catalogue of the file names: `'spec.section.moved': SectionMoved`. */
function shapesIn(file: ts.SourceFile | undefined, checker: ts.TypeChecker): [string, EventShape][] {
  return [...(file?.statements ?? [])]
    .filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) => declarationList.declarations)
    .flatMap(({ initializer }) =>
      initializer && ts.isObjectLiteralExpression(initializer) ? initializer.properties : [],
    )
    .filter(ts.isPropertyAssignment)
    .flatMap(({ name, initializer }): [string, EventShape][] => {
      const [declaration] = checker.getSymbolAtLocation(initializer)?.declarations ?? [];
      if (!ts.isStringLiteral(name) || !declaration || !ts.isClassDeclaration(declaration)) return [];
      const shape = objectShape(checker.getTypeAtLocation(declaration), checker, name.text);
      return [[name.text, { schemaVersion: versionOf(declaration), shape }]];
    });
}

function versionOf(declaration: ts.ClassDeclaration): number {
  const decorator = decorators(declaration).find(({ name }) => name === 'SchemaVersion');
  return decorator ? Number(decorator.args[0]?.getText()) : 1;
}

function decorators(node: ts.Node): { name: string; args: readonly ts.Expression[] }[] {
  const all = ts.canHaveDecorators(node) ? (ts.getDecorators(node) ?? []) : [];
  return all.flatMap(({ expression }) =>
    ts.isCallExpression(expression) ? [{ name: expression.expression.getText(), args: expression.arguments }] : [],
  );
}

function objectShape(type: ts.Type, checker: ts.TypeChecker, path: string): ObjectShape {
  const members = checker.getPropertiesOfType(type).map((member): [string, Shape] => {
    const declaration = member.valueDeclaration;
    if (!declaration) throw new Error(`${path}.${member.name} is declared nowhere`);
    const isOptional = (member.flags & ts.SymbolFlags.Optional) !== 0;
    const isPersonal = decorators(declaration).some(({ name }) => name === 'Personal');
    const label = `${member.name}${isOptional ? '?' : ''}${isPersonal ? ' (personal)' : ''}`;
    const declared = checker.getTypeOfSymbolAtLocation(member, declaration);
    return [label, shapeOf(isOptional ? withoutUndefined(declared) : [declared], checker, `${path}.${member.name}`)];
  });
  for (const { keyType, type: value } of checker.getIndexInfosOfType(type)) {
    members.push([`[${checker.typeToString(keyType)}]`, shapeOf([value], checker, `${path}[]`)]);
  }
  return Object.fromEntries(members.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const withoutUndefined = (type: ts.Type): ts.Type[] =>
  (type.isUnion() ? type.types : [type]).filter(({ flags }) => !(flags & ts.TypeFlags.Undefined));

function shapeOf(types: readonly ts.Type[], checker: ts.TypeChecker, path: string): Shape {
  if (path.length > 500) throw new Error(`${path} never ends`);
  const members = types.flatMap((type) => (type.isUnion() ? type.types : [type]));
  const shapes = members.map((type) => memberShape(type, checker, path));
  const words = [...new Set(shapes.filter((shape) => typeof shape === 'string'))].sort();
  const isBoolean = words.includes('true') && words.includes('false');
  const primitives = isBoolean ? ['boolean', ...words.filter((word) => !/^(?:true|false)$/.test(word))] : words;
  const others = shapes.filter((shape) => typeof shape !== 'string');
  const [only] = others;
  if (only === undefined) return primitives.join(' | ');
  return others.length === 1 && primitives.length === 0
    ? only
    : { anyOf: [...others, ...(primitives.length > 0 ? [primitives.join(' | ')] : [])] };
}

function memberShape(type: ts.Type, checker: ts.TypeChecker, path: string): Shape {
  const { flags } = type;
  if (type.isStringLiteral() || type.isNumberLiteral()) return JSON.stringify(type.value);
  if (flags & (ts.TypeFlags.String | ts.TypeFlags.Number | ts.TypeFlags.BooleanLiteral | ts.TypeFlags.Null)) {
    return checker.typeToString(type);
  }
  if (checker.isArrayType(type)) {
    return [shapeOf(checker.getTypeArguments(type as ts.TypeReference), checker, `${path}[]`)];
  }
  const isPlain = flags & ts.TypeFlags.Object && type.getCallSignatures().length === 0 && !checker.isTupleType(type);
  if (!isPlain) throw new Error(`${path} is of the type ${checker.typeToString(type)}, which cannot be stored`);
  return objectShape(type, checker, path);
}
