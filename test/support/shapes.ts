import type { ObjectShape, Shape } from '../../scripts/event-shapes.js';

/** Where a value is not of a shape, in words; nothing when it fits. */
export function misfits(value: unknown, shape: Shape, path = ''): string[] {
  if (typeof shape === 'string')
    return shape.split(' | ').some((word) => isOf(value, word)) ? [] : [`${path}: ${shape}`];
  if (Array.isArray(shape)) {
    const [item] = shape as [Shape];
    if (!Array.isArray(value)) return [`${path}: a list`];
    return value.flatMap((one, at) => misfits(one, item, `${path}/${at}`));
  }
  if ('anyOf' in shape && Array.isArray(shape.anyOf)) {
    const one = (shape.anyOf as Shape[]).some((other) => misfits(value, other, path).length === 0);
    return one ? [] : [`${path}: none of ${shape.anyOf.length}`];
  }
  return objectMisfits(value, shape as ObjectShape, path);
}

function objectMisfits(value: unknown, shape: ObjectShape, path: string): string[] {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return [`${path}: an object`];
  const given = new Map(Object.entries(value as Record<string, unknown>));
  const found = Object.entries(shape).flatMap(([label, member]) => {
    const name = label.replace(' (personal)', '').replace(/\?$/, '');
    const isThere = given.has(name);
    const one = given.get(name);
    given.delete(name);
    if (!isThere) return label.includes('?') ? [] : [`${path}/${name}: is missing`];
    return misfits(one, member, `${path}/${name}`);
  });
  return [...found, ...[...given.keys()].map((name) => `${path}/${name}: is in no shape`)];
}

function isOf(value: unknown, word: string): boolean {
  if (word === 'string' || word === 'number' || word === 'boolean') return typeof value === word;
  return JSON.stringify(value) === word;
}
