/** Says what is wrong with a value at a place; nothing where it fits. */
export type Shape = (value: unknown, place: string) => string | undefined;

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Text that a pattern describes whole. */
export const isText =
  (pattern: RegExp): Shape =>
  (value, place) =>
    typeof value === 'string' && pattern.test(value) ? undefined : `${place} is not of its form`;

/** A whole number that every JSON reader keeps exactly. */
export const whole: Shape = (value, place) =>
  Number.isSafeInteger(value) && Number(value) >= 0 ? undefined : `${place} is not a whole number`;

export const orNull =
  (shape: Shape): Shape =>
  (value, place) =>
    value === null ? undefined : shape(value, place);

export const listOf =
  (shape: Shape, most: number): Shape =>
  (value, place) => {
    if (!Array.isArray(value)) return `${place} is not a list`;
    if (value.length > most) return `${place} holds more than ${most}`;
    return value.map((one) => shape(one, place)).find((fault) => fault !== undefined);
  };

/** An object with these members and no others; the optional ones may be left out. */
export function matches(required: Record<string, Shape>, optional: Record<string, Shape> = {}): Shape {
  const known = { ...required, ...optional };
  return (value, place) => {
    if (!isObject(value)) return `${place} is not an object`;
    const unknown = Object.keys(value).find((name) => !Object.hasOwn(known, name));
    if (unknown !== undefined) return `there is no member "${unknown.slice(0, 50)}"`;
    for (const [name, shape] of Object.entries(known)) {
      if (!Object.hasOwn(value, name) && Object.hasOwn(optional, name)) continue;
      const fault = shape(value[name], place === '' ? name : `${place}.${name}`);
      if (fault !== undefined) return fault;
    }
    return undefined;
  };
}
