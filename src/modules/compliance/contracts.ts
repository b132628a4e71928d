import { hash } from 'node:crypto';
import type { DataModelField } from '../markdown/design-elements.view.js';
import type { SpecElements } from '../markdown/elements.view.js';

export const contractKinds = ['command', 'event', 'route', 'entity'] as const;
export type ContractKind = (typeof contractKinds)[number];

/** What a contract promises beside its name; hashes are over text without its white space, null where there is none. */
export type ContractDefinition = {
  request?: string | null;
  response?: string | null;
  /** Field -> type as written. */
  fields?: Record<string, string | null>;
};

/** A contract that a spec introduces or describes anew. `id`: a name, or method and path with parameters as `{name}`. */
export type Contract = {
  kind: ContractKind;
  id: string;
  definition: ContractDefinition;
  section: string;
  line: number;
};

/** Longer ids are no names. */
const longestId = 300;
const mostFields = 300;

/** The contracts of a spec, each once: commands and events that it introduces, routes and named entities that it gives. */
export function contractsOf({ commands, events, apiContracts, dataModels }: SpecElements): Contract[] {
  const found = new Map<string, Contract>();
  const add = (contract: Contract) => {
    const { kind, id } = contract;
    const before = found.get(`${kind} ${id}`);
    if (id.length > longestId) return;
    found.set(`${kind} ${id}`, before ? { ...before, definition: joined(before, contract) } : contract);
  };
  for (const [kind, mentions] of [['command', commands] as const, ['event', events] as const]) {
    for (const { name: id, introduced, position } of mentions) {
      if (introduced) add({ kind, id, definition: {}, section: position.section, line: position.line });
    }
  }
  for (const { method, normalizedPath, request, response, position } of apiContracts) {
    const definition = { request: digest(request), response: digest(response) };
    const id = `${method} ${normalizedPath}`;
    add({ kind: 'route', id, definition, section: position.section, line: position.line });
  }
  for (const { name: id, fields, position } of dataModels) {
    if (id === null) continue;
    add({
      kind: 'entity',
      id,
      definition: { fields: typesOf(fields) },
      section: position.section,
      line: position.line,
    });
  }
  return [...found.values()];
}

/** An entity that is described in two places has the fields of both. */
const joined = ({ definition: one }: Contract, { definition: other }: Contract): ContractDefinition =>
  one.fields && other.fields ? { fields: { ...one.fields, ...other.fields } } : one;

const typesOf = (fields: readonly DataModelField[]): Record<string, string | null> =>
  Object.fromEntries(fields.slice(0, mostFields).map(({ name, type }) => [name, type?.replace(/\s+/g, '') ?? null]));

const digest = (text: string | null): string | null =>
  text === null ? null : hash('sha256', text.replace(/\s+/g, '')).slice(0, 32);

/** What of a promise another definition of the same contract does not keep, or changes; nothing where it keeps it all. */
export function breaksOf(promise: ContractDefinition, other: ContractDefinition | undefined): string[] {
  if (!other) return ['it is gone'];
  const parts = (['request', 'response'] as const).flatMap((part) => {
    const [before = null, after = null] = [promise[part], other[part]];
    // What is left out is not said to be otherwise.
    return before === null || after === null || before === after ? [] : [`the ${part} is another`];
  });
  const { fields: before = {} } = promise;
  const after = new Map(Object.entries(other.fields ?? {}));
  // A description without fields names the entity only.
  if (after.size === 0) return parts;
  const fields = Object.entries(before).flatMap(([name, type]) => {
    if (!after.has(name)) return [`the field ${name} is gone`];
    const next = after.get(name) ?? null;
    return type === null || next === null || type === next ? [] : [`the field ${name} has another type`];
  });
  return [...parts, ...fields];
}
