/**
 * The condition that something was so already at a point in history: at a time (RFC 3339), or at a position (`seq`).
 *
 * @param parameter the point's place among the values of the statement, as `$2`
 * @param began when, and where in history, it came to be so; by default of an event
 */
export const isUntil = (parameter: string, { time, position } = { time: 'recorded_at', position: 'seq' }): string =>
  `case when ${parameter}::text ~ '^[0-9]+$' then ${position} <= ${parameter}::text::bigint
    else ${time} <= ${parameter}::text::timestamptz end`;
