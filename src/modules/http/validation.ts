import { plainToInstance } from 'class-transformer';
import type { ValidationError } from 'class-validator';
import { validateSync } from 'class-validator';
import { transforms } from '../../commands/fields.js';
import { keepsRules } from './rules.js';
import type { FieldProblem } from '../../commands/refusals.js';
import { Refusal } from '../../commands/refusals.js';

const asWhitelist = { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: false };

type Constructor<T> = abstract new () => T;

/**
 * A validated instance of a class from untrusted values: unknown members, and members that break their rule, are
 * refused together, each with a pointer.
 *
 * @param where `body` answers 422 with pointers below `prefix`; `query` answers 400 with the parameter's name
 * @param outside members that came from the path or the query: wrong ones answer 400 as well
 */
export function validated<T extends object>(
  type: Constructor<T>,
  values: object,
  where: 'body' | 'query',
  outside: readonly string[] | 'all' = [],
  prefix = '',
): T {
  const pointers = where === 'body' ? `${prefix}/` : '';
  const unnamed = inheritedNames(values, pointers);
  const instance = instantiate(type as new () => T, values);
  if (unnamed.length === 0 && keepsRules(type, instance)) return instance;
  // A member named "constructor" takes the place of the class, by which the rules of all others are known.
  const found = unnamed.length > 0 ? [] : validateSync(instance, asWhitelist);
  if (found.length === 0 && unnamed.length === 0) return instance;
  const errors = unnamed.length > 0 ? unnamed : found.flatMap((error) => fieldProblems(error, pointers));
  const unknown = where === 'query' && errors.find(({ code }) => code === 'unknown');
  if (unknown) throw new Refusal('unknown_query_parameter', `There is no parameter "${unknown.pointer}".`, { errors });
  if (where === 'query') assertOnce(values);
  const inBody =
    where === 'body' &&
    outside !== 'all' &&
    !(found.length > 0 && found.every(({ property }) => outside.includes(property)));
  const code = inBody ? 'validation_failed' : 'invalid_request';
  throw new Refusal(code, errors.map(({ message }) => message).join('; '), { errors });
}

/** Refuses a parameter that is given more than once: it takes one value, and which was meant nobody can tell. */
export function assertOnce(query: object): void {
  const [pointer] = Object.entries(query).find(([, value]) => Array.isArray(value)) ?? [];
  if (pointer === undefined) return;
  const message = `${pointer} is given more than once`;
  throw new Refusal('invalid_request', message, { errors: [{ pointer, code: 'repeated', message }] });
}

/**
 * class-transformer is for what is nested or needs a transformation; a flat command is its values, and this is on the
 * way of every write.
 */
function instantiate<T extends object>(type: new () => T, values: object): T {
  const flat = Object.values(values).every((value) => value === null || typeof value !== 'object');
  return flat && !transforms(type) ? Object.assign(new type(), values) : plainToInstance(type, values);
}

/** class-transformer passes over members with names that every object has: they would be ignored instead of refused. */
function inheritedNames(value: unknown, prefix: string): FieldProblem[] {
  const found: FieldProblem[] = [];
  if (value === null || typeof value !== 'object') return found;
  for (const [name, member] of Object.entries(value)) {
    if (name in Object.prototype) {
      found.push({ pointer: prefix + name, code: 'unknown', message: `there is no "${name}"` });
    } else if (typeof member === 'object') found.push(...inheritedNames(member, `${prefix}${name}/`));
  }
  return found;
}

/** Rules of what kind of value it is: what is another kind breaks every other rule as well, which tells nobody anything. */
const ofKind: ReadonlySet<string> = new Set(['isString', 'isInt', 'isNumber', 'isBoolean', 'isArray', 'isObject']);

function fieldProblems({ property, constraints = {}, children = [] }: ValidationError, prefix: string): FieldProblem[] {
  const pointer = prefix + property.replaceAll('~', '~0').replaceAll('/', '~1');
  const broken = Object.entries(constraints);
  const kinds = broken.filter(([rule]) => ofKind.has(rule));
  const own = (kinds.length > 0 ? kinds : broken).map(([rule, message]) =>
    rule === 'whitelistValidation'
      ? { pointer, code: 'unknown', message: `there is no "${property}"` }
      : { pointer, code: rule, message },
  );
  return [...own, ...children.flatMap((child) => fieldProblems(child, `${pointer}/`))];
}
