import type { ValidatorConstraintInterface } from 'class-validator';
import { getMetadataStorage } from 'class-validator';

type Rule = { property: string; args: unknown[]; each: boolean; check: ValidatorConstraintInterface['validate'] };
type Condition = (object: object, value: unknown) => boolean;
type Rules =
  { known: ReadonlySet<string>; conditions: ReadonlyMap<string, Condition[]>; rules: readonly Rule[] } | 'nested';

const rulesOf = new WeakMap<object, Rules>();

/**
 * Whether an instance keeps every rule that class-validator knows for its class, and has no other members.
 *
 * class-validator itself collects a class's rules anew for each object, which costs more than checking them; here they are
 * collected once, and only what breaks a rule, or holds objects, is left to it: it knows the words.
 */
export function keepsRules(type: abstract new () => object, instance: object): boolean {
  const known = rulesOf.get(type) ?? collect(type);
  rulesOf.set(type, known);
  if (known === 'nested') return false;
  const members = instance as Record<string, unknown>;
  if (!Object.keys(members).every((name) => known.known.has(name))) return false;
  return known.rules.every(({ property, args, each, check }) => {
    const value = members[property];
    if (known.conditions.get(property)?.some((applies) => !applies(instance, value))) return true;
    const valid = (one: unknown) =>
      check(one, { value: one, constraints: args, object: instance, property, targetName: type.name }) === true;
    return each ? Array.isArray(value) && value.every(valid) : valid(value);
  });
}

function collect(type: abstract new () => object): Rules {
  const storage = getMetadataStorage();
  const all = storage.getTargetValidationMetadatas(type, '', false, false);
  if (all.some(({ type: kind }) => kind === 'nestedValidation' || kind === 'promiseValidation')) return 'nested';
  const conditions = new Map<string, Condition[]>();
  const rules: Rule[] = [];
  for (const { type: kind, propertyName: property, constraints = [], constraintCls, each } of all) {
    if (kind === 'conditionalValidation') {
      conditions.set(property, [...(conditions.get(property) ?? []), constraints[0] as Condition]);
    } else if (kind === 'customValidation') {
      for (const { instance } of storage.getTargetValidatorConstraints(constraintCls)) {
        rules.push({ property, args: constraints, each, check: instance.validate.bind(instance) });
      }
    }
  }
  return { known: new Set(all.map(({ propertyName }) => propertyName)), conditions, rules };
}
