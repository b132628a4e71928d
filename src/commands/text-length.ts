import type { ValidationOptions } from 'class-validator';
import { ValidateBy } from 'class-validator';

/**
 * How many characters a text has, by the code points that JSON Schema counts: an emoji of one code point is one, whatever
 * UTF-16 makes of it, and a variation selector is one too.
 */
export function characters(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** Whether a text has at most so many characters: it is counted only where its length alone does not tell. */
export const fits = (text: string, most: number): boolean =>
  text.length <= most || (text.length <= 2 * most && characters(text) <= most);

/** At most so many characters. class-validator's own rule leaves variation selectors out of the count. */
export const MaxLength = (most: number, options?: ValidationOptions): PropertyDecorator =>
  ValidateBy(
    {
      name: 'maxLength',
      constraints: [most],
      validator: {
        validate: (value) => typeof value === 'string' && fits(value, most),
        defaultMessage: () => `${each(options)}$property must be shorter than or equal to ${most} characters`,
      },
    },
    options,
  );

/** At least so many characters. */
export const MinLength = (least: number, options?: ValidationOptions): PropertyDecorator =>
  ValidateBy(
    {
      name: 'minLength',
      constraints: [least],
      validator: {
        validate: (value) => typeof value === 'string' && value.length >= least && characters(value) >= least,
        defaultMessage: () => `${each(options)}$property must be longer than or equal to ${least} characters`,
      },
    },
    options,
  );

const each = (options: ValidationOptions | undefined): string => (options?.each ? 'each value in ' : '');
