import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  Allow,
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsString,
  IsUUID,
  Matches,
  Max,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { bounds } from './bounds.js';
import { Text, Texts } from './text-fields.js';
import { MaxLength, MinLength } from './text-length.js';

/** The kinds of field that commands and queries are made of: each rule once, validated and documented alike. */

/** What `slugify` makes: sections, templates. */
const keyPattern = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
/** One line with something to read on it, without control characters. */
const linePattern = /^(?=.*\S)[^\u0000-\u001f\u007f-\u009f\u2028\u2029]+$/;
const labelPattern = /^[^\s\u0000-\u001f\u007f,][^\u0000-\u001f\u007f-\u009f\u2028\u2029,]*$/;

const transformed = new WeakSet<object>();

/** Whether values must go through class-transformer to become an instance of the class. */
export function transforms(type: { prototype: object }): boolean {
  for (let at = type.prototype; at !== Object.prototype; at = Object.getPrototypeOf(at) as object) {
    if (transformed.has(at)) return true;
  }
  return false;
}

/** What a value is from here on, before it is validated. */
export const Transformed =
  (transform: (value: unknown) => unknown): PropertyDecorator =>
  (prototype, property) => {
    transformed.add(prototype);
    Transform(({ value }: { value: unknown }) => transform(value))(prototype, property);
  };

/** An id that stands in a path, where it is read in lower case already. */
export const PathId = () => applyDecorators(IsUUID(), ApiProperty({ type: 'string', format: 'uuid' }));

/** A UUID, in lower case from here on: the same id is the same text. */
export const Id = () =>
  applyDecorators(
    Transformed((value) => (typeof value === 'string' ? value.toLowerCase() : value)),
    IsUUID(),
    ApiProperty({ type: 'string', format: 'uuid' }),
  );

/** A key of lower-case words and hyphens. */
export const Key = (maxLength = 100) => Text(keyPattern, maxLength);

/** One line of text. */
export const Line = (maxLength: number) => Text(linePattern, maxLength, { minLength: 1 });

/** May be null. */
export const Nullable = () =>
  applyDecorators(
    ValidateIf((_, value) => value !== null),
    ApiProperty({ nullable: true }),
  );

/** Text of any shape without NUL; the bytes of a whole document are counted where it is put together. */
export const Markdown = (maxLength: number = bounds.documentBytes) =>
  applyDecorators(
    IsString(),
    MaxLength(maxLength),
    ApiProperty({ type: 'string', maxLength, pattern: '^[^\\u0000]*$' }),
  );

/** Not just white space. */
export const NotBlank = () =>
  applyDecorators(
    Matches(/\S/, { message: '$property must not be blank' }),
    ApiProperty({ minLength: 1, pattern: '^[^\\u0000]*[^\\s\\u0000][^\\u0000]*$' }),
  );

/** An example with line breaks, which a doc comment cannot hold. */
export const Example = (text: string) => ApiProperty({ example: text });

export const Label = () => Text(labelPattern, bounds.label, { minLength: 1 });

/** A set of labels. */
export const Labels = () => Texts(labelPattern, bounds.label, { maxItems: bounds.labels, minLength: 1 });

/** What only the server decides: it may be sent back as it was read, and is ignored. */
export const ReadOnly = () =>
  applyDecorators(
    Allow(),
    ApiProperty({ required: false, description: 'Decided by the server: accepted as it was read, and ignored.' }),
  );

/** Yes or no. */
export const Flag = () => applyDecorators(IsBoolean(), ApiProperty({ type: 'boolean' }));

/** A whole number. */
export const Whole = (minimum: number, maximum: number) =>
  applyDecorators(IsInt(), Min(minimum), Max(maximum), ApiProperty({ type: 'integer', minimum, maximum }));

/** A whole number in a query, in decimal digits. */
export const WholeParameter = (minimum: number, maximum: number) =>
  applyDecorators(
    Transformed((value) => (/^-?\d{1,15}$/.test(String(value)) ? Number(value) : NaN)),
    Whole(minimum, maximum),
  );

const revisionPattern = /^(?:approved|[1-9][0-9]{0,8})$/;

/** The number of a revision, or `approved` for the one in force. */
export const RevisionName = () =>
  applyDecorators(
    Matches(revisionPattern, { message: '$property must be "approved" or the number of a revision' }),
    ApiProperty({ type: 'string', pattern: revisionPattern.source, maxLength: 9 }),
  );

/** May be left out; an explicit null is not the same, and is refused where a value is wanted. */
export const Optional = () =>
  applyDecorators(
    ValidateIf((_, value) => value !== undefined),
    ApiProperty({ required: false }),
  );

/** As the document says it: without NUL, which is refused before. */
const twoWords = '^[^\\u0000]*[^\\s\\u0000]\\s+[^\\s\\u0000][^\\u0000]*$';

/** A reason: a sentence at least, two words or more. */
export const Reason = () =>
  applyDecorators(
    IsString(),
    MinLength(10),
    MaxLength(bounds.reason),
    Matches(/\S\s+\S/),
    ApiProperty({ type: 'string', minLength: 10, maxLength: bounds.reason, pattern: twoWords }),
  );

/** A list of objects of one class, each validated. */
export const ListOf = (type: () => new () => object, maxItems: number, minItems = 0) =>
  applyDecorators(
    IsArray(),
    ArrayMinSize(minItems),
    ArrayMaxSize(maxItems),
    // Nested arrays would be validated item by item and pass as objects.
    IsObject({ each: true }),
    ValidateNested({ each: true }),
    Type(type),
    // The swagger module takes a function for lazy only under the name `type`.
    ApiProperty({ type: () => type(), isArray: true, minItems, maxItems }),
  );

/** An object of a class, validated. */
export const ObjectOf = <T extends object>(type: () => new () => T, example: T) =>
  applyDecorators(IsObject(), ValidateNested(), Type(type), ApiProperty({ type: () => type(), example }));

/** A SHA-256 in a body: 64 hex digits in lower case. */
export const Sha256Text = () => applyDecorators(Matches(/^[0-9a-f]{64}$/), Sha256());

/** A set of keys. */
export const Keys = (maxItems: number, minItems = 0) => Texts(keyPattern, 100, { minItems, maxItems });

/** A list of lines of text. */
export const Lines = (maxLength: number, maxItems: number, minItems = 0) =>
  Texts(linePattern, maxLength, { minItems, maxItems, isSet: false, minLength: 1 });

/** One of a few words. */
export const OneOf = (words: readonly string[]) => applyDecorators(IsIn(words), ApiProperty({ enum: [...words] }));

/** A SHA-256 in an answer, hex. */
export const Sha256 = () =>
  ApiProperty({
    type: 'string',
    minLength: 64,
    maxLength: 64,
    pattern: '^[0-9a-f]{64}$',
    example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  });
