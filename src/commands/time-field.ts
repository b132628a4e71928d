import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Matches, ValidateBy } from 'class-validator';
import { Transformed } from './fields.js';

/**
 * A time with date, seconds and zone (RFC 3339) that a clock can show: leap seconds and 30 February are refused. From here
 * on it is UTC, in the years 1 to 9999: PostgreSQL knows neither a year 0 nor all zones that RFC 3339 does.
 */
export const Time = () =>
  applyDecorators(
    Transformed(inUtc),
    Matches(rfc3339),
    IsRealTime(),
    ApiProperty({ type: 'string', format: 'date-time' }),
  );

/** A point in the whole history: a time as in {@link Time}, or a position (`seq`). */
export const PointInTime = () =>
  applyDecorators(
    Transformed(inUtc),
    ValidateBy({
      name: 'isPointInTime',
      validator: {
        validate: (value) => position.test(String(value)) || isTime(String(value)),
        defaultMessage: () => '$property must be a time (RFC 3339) or a position of history',
      },
    }),
    ApiProperty({
      anyOf: [
        { type: 'string', format: 'date-time' },
        { type: 'string', pattern: position.source },
      ],
    }),
  );

/**
 * A moment of a spec: its version (`7`), a revision (`r2`, or `approved` for the one in force), or a time (RFC 3339).
 */
export const Moment = () =>
  applyDecorators(
    Transformed(inUtc),
    ValidateBy({
      name: 'isMoment',
      validator: {
        validate: (value) => versionOrRevision.test(String(value)) || isTime(String(value)),
        defaultMessage: () => '$property must be a version, a revision as in r2, "approved", or a time (RFC 3339)',
      },
    }),
    ApiProperty({
      type: 'string',
      minLength: 1,
      maxLength: 40,
      pattern: `${versionOrRevision.source}|${rfc3339.source}`,
    }),
  );

const position = /^\d{1,15}$/;
const versionOrRevision = /^(?:r?[1-9]\d{0,8}|approved)$/;
const rfc3339 = /^\d{4}-\d{2}-\d{2}[Tt ](?:[01]\d|2[0-3]):\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})$/;

const IsRealTime = () =>
  ValidateBy({
    name: 'isTime',
    validator: {
      validate: (value) => isRealTime(String(value)),
      defaultMessage: () => '$property must be a time that exists',
    },
  });

function isRealTime(value: string): boolean {
  const day = new Date(`${value.slice(0, 10)}T00:00:00Z`);
  const isDay = !Number.isNaN(day.getTime()) && day.toISOString().startsWith(value.slice(0, 10));
  return isDay && !Number.isNaN(Date.parse(value));
}

const earliest = Date.parse('0001-01-01T00:00:00.000Z');
const latest = Date.parse('9999-12-31T23:59:59.999Z');

function inUtc(value: unknown): unknown {
  if (typeof value !== 'string' || !isTime(value)) return value;
  return new Date(Math.min(Math.max(Date.parse(value), earliest), latest)).toISOString();
}

const isTime = (value: string): boolean => rfc3339.test(value) && isRealTime(value);
