import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsArray, IsString, Matches } from 'class-validator';
import { MaxLength } from './text-length.js';

/** What the OpenAPI document says of a text beside its length and its pattern. */
type TextNotes = { minLength?: number; example?: string };

/** A text that a pattern describes, in the rules and in the document alike. */
export const Text = (pattern: RegExp, maxLength: number, notes: TextNotes = {}) =>
  applyDecorators(
    IsString(),
    MaxLength(maxLength),
    Matches(pattern),
    ApiProperty(textSchema(pattern, maxLength, notes)),
  );

/** Texts that a pattern describes; a set where each stands there once. */
export const Texts = (
  pattern: RegExp,
  maxLength: number,
  { minItems, maxItems, isSet = true, ...notes }: TextNotes & { minItems?: number; maxItems: number; isSet?: boolean },
) =>
  applyDecorators(
    IsArray(),
    ...(minItems === undefined ? [] : [ArrayMinSize(minItems)]),
    ArrayMaxSize(maxItems),
    ...(isSet ? [ArrayUnique()] : []),
    IsString({ each: true }),
    MaxLength(maxLength, { each: true }),
    Matches(pattern, { each: true }),
    ApiProperty({
      type: 'array',
      ...(minItems !== undefined && { minItems }),
      maxItems,
      ...(isSet && { uniqueItems: true }),
      items: textSchema(pattern, maxLength, notes),
    }),
  );

const textSchema = (pattern: RegExp, maxLength: number, { minLength, example }: TextNotes) => ({
  type: 'string' as const,
  ...(minLength !== undefined && { minLength }),
  maxLength,
  pattern: pattern.source,
  ...(example !== undefined && { example }),
});
