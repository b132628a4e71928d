import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonModel, typescriptModels } from './code-models.js';

const shape = (code: string) =>
  typescriptModels(code)?.map(({ name, form, fields }) => [name, form, fields.map((field) => field.name)]);

describe('typescriptModels', () => {
  test('interfaces, object types and classes; unions and functions are no shapes', () => {
    const code =
      "export interface A { a: string }\ntype B = { b?: number }\ntype C = 'x' | 'y'\nclass D { d!: Date; run() {} }\nconst e = 1";
    expect(shape(code)).toEqual([
      ['A', 'typescript', ['a']],
      ['B', 'typescript', ['b']],
      ['D', 'typescript', ['d']],
    ]);
  });

  test('optional and null types are nullable', () => {
    const [model] = typescriptModels('type A = { a?: string; b: string | null; c: string }') ?? [];
    expect(model?.fields.map((field) => field.nullable)).toEqual([true, true, false]);
  });

  test('entities with decorators keep them as constraints', () => {
    const code =
      "@Entity({ tableName: 'users' })\nexport class User {\n  @Property({ type: 'text',\n    nullable: true })\n  name?: string | null // shown\n}";
    const [model] = typescriptModels(code) ?? [];
    expect(model).toMatchObject({ name: 'User', form: 'decorators' });
    expect(model?.fields).toEqual([
      {
        name: 'name',
        type: 'string | null',
        nullable: true,
        description: 'shown',
        constraints: "@Property({ type: 'text', nullable: true })",
      },
    ]);
    expect(code.slice(model?.start, model?.end)).toBe(code);
  });

  test('a doc comment above a field describes it', () => {
    expect(
      typescriptModels('interface A {\n  /** The key.\n   * Unique. */\n  id: string\n}')?.[0]?.fields[0]?.description,
    ).toBe('The key. Unique.');
  });

  test('properties and braces without a name', () => {
    expect(shape("@Property({ type: 'uuid' })\nid!: string")).toEqual([[null, 'decorators', ['id']]]);
    expect(shape('{\n  on: boolean // switch\n  list: string[]\n}')).toEqual([[null, 'typescript', ['on', 'list']]]);
  });

  test('null for what does not parse or is too long, never an error', () => {
    expect(typescriptModels('interface {{')).toBeNull();
    expect(typescriptModels(`type A = { a: string }${' '.repeat(70_000)}`)).toBeNull();
    fc.assert(fc.property(fc.string(), (code) => Array.isArray(typescriptModels(code) ?? [])));
  });
});

describe('jsonModel', () => {
  test('top-level members with their JSON types, comments allowed', () => {
    const model = jsonModel('{\n  // note\n  "a": "x", "b": 1, // one\n  "c": [], "d": null\n}');
    expect(model?.fields.map(({ name, type, description }) => [name, type, description])).toEqual([
      ['a', 'string', null],
      ['b', 'number', 'one'],
      ['c', 'array', null],
      ['d', null, null],
    ]);
  });

  test('null for an array and for what does not parse', () => {
    expect(jsonModel('[1]')).toBeNull();
    expect(jsonModel('{ "a": … }')).toBeNull();
  });
});
