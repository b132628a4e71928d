import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsArray, IsIn, IsObject, ValidateNested } from 'class-validator';
import { Text, Texts } from './text-fields.js';

const patternPattern = /^[a-z0-9*]+(?:-[a-z0-9*]+)*$/;

/** Patterns of section keys, in which `*` stands for any characters. */
export const SectionPatterns = (maxItems: number) => Texts(patternPattern, 100, { maxItems, example: 'security-*' });

/** One pattern of section keys. */
export const SectionPattern = () => Text(patternPattern, 100);

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
