type Class = abstract new () => object;

const marks = new WeakMap<object, string[]>();
const fields = new WeakMap<Class, readonly string[]>();

/**
 * Marks a field of an event, and of the command that leads to it, whose text names a person. From the command on it is
 * a token, which only the person's own key opens (docs/personal-data.md); where that key is destroyed it reads
 * {@link erased}. Only a member of the class itself, of type string or string | null, can be marked.
 */
export const Personal =
  () =>
  (prototype: object, field: string): void => {
    marks.set(prototype, [...(marks.get(prototype) ?? []), field]);
  };

/** The marked fields of a class and of those that it extends. */
export function personalFields(type: Class): readonly string[] {
  const known = fields.get(type);
  if (known) return known;
  const found: string[] = [];
  for (let at = type.prototype as object; at !== Object.prototype; at = Object.getPrototypeOf(at) as object) {
    found.push(...(marks.get(at) ?? []));
  }
  fields.set(type, found);
  return found;
}

/** What stands where a person was named whose key is destroyed. It names nobody, and is never made a token. */
export const erased = '[erased]';
