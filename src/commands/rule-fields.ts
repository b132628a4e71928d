import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayUnique, IsArray, IsString, Matches, MaxLength } from 'class-validator';
import { bounds } from './bounds.js';

const ruleKeyPattern = /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/;
const statementIdPattern = /^[0-9a-f]{12}(?:-[0-9]{1,5})?$/;
const pathPatternPattern = /^[^\u0000-\u001f\u007f\\]+$/;

/** The key of a rule: lower-case words with hyphens, dots or underscores. */
export const RuleKey = (maxLength = 100) =>
  applyDecorators(
    IsString(),
    MaxLength(maxLength),
    Matches(ruleKeyPattern),
    ApiProperty({ type: 'string', maxLength, pattern: ruleKeyPattern.source }),
  );

/** What a statement of a rule file is known by. */
export const StatementId = () =>
  applyDecorators(
    IsString(),
    MaxLength(20),
    Matches(statementIdPattern),
    ApiProperty({ type: 'string', maxLength: 20, pattern: statementIdPattern.source }),
  );

/** Patterns of paths: `*` stands for any characters but `/`, `?` for one, `**` for any number of folders. No regular expressions. */
export const PathPatterns = (maxItems: number) =>
  applyDecorators(
    IsArray(),
    ArrayMaxSize(maxItems),
    ArrayUnique(),
    IsString({ each: true }),
    MaxLength(bounds.rulePath, { each: true }),
    Matches(pathPatternPattern, { each: true }),
    ApiProperty({
      type: 'array',
      maxItems,
      uniqueItems: true,
      items: { type: 'string', minLength: 1, maxLength: bounds.rulePath, pattern: pathPatternPattern.source },
    }),
  );
