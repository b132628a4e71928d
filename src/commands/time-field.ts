import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Matches, ValidateBy } from 'class-validator';

/** A time with date, seconds and zone (RFC 3339) that a clock can show: leap seconds and 30 February are refused. */
export const Time = () =>
  applyDecorators(Matches(rfc3339), IsRealTime(), ApiProperty({ type: 'string', format: 'date-time' }));

const rfc3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})$/;

const IsRealTime = () =>
  ValidateBy({
    name: 'isTime',
    validator: {
      validate: (value) => {
        const day = new Date(`${String(value).slice(0, 10)}T00:00:00Z`);
        const isDay = !Number.isNaN(day.getTime()) && day.toISOString().startsWith(String(value).slice(0, 10));
        return isDay && !Number.isNaN(new Date(String(value)).getTime());
      },
      defaultMessage: () => '$property must be a time that exists',
    },
  });
