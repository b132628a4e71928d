import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsObject,
  IsString,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';

const patternPattern = /^[a-z0-9*]+(?:-[a-z0-9*]+)*$/;

/** Patterns of section keys, in which `*` stands for any characters. */
export const SectionPatterns = (maxItems: number) =>
  applyDecorators(
    IsArray(),
    ArrayMaxSize(maxItems),
    ArrayUnique(),
    IsString({ each: true }),
    MaxLength(100, { each: true }),
    Matches(patternPattern, { each: true }),
    ApiProperty({
      type: 'array',
      maxItems,
      uniqueItems: true,
      items: { type: 'string', maxLength: 100, pattern: patternPattern.source, example: 'security-*' },
    }),
  );

/** One pattern of section keys. */
export const SectionPattern = () =>
  applyDecorators(
    IsString(),
    MaxLength(100),
    Matches(patternPattern),
    ApiProperty({ type: 'string', maxLength: 100, pattern: patternPattern.source }),
  );

/** Some of a few words, each once. */
export const SomeOf = (words: readonly string[], minItems = 0) =>
  applyDecorators(
    IsArray(),
    ArrayMinSize(minItems),
    ArrayMaxSize(words.length),
    ArrayUnique(),
    IsIn(words, { each: true }),
    ApiProperty({
      type: 'array',
      minItems,
      maxItems: words.length,
      uniqueItems: true,
      items: { type: 'string', enum: [...words] },
    }),
  );

/** An object of a class, validated. */
export const Nested = (type: () => new () => object) =>
  applyDecorators(IsObject(), ValidateNested(), Type(type), ApiProperty({ type: () => type() }));
