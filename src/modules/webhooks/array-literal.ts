/**
 * A PostgreSQL array of what needs no quotes, as ids, numbers, flags and times: for columns of hundreds of them the
 * driver's own way, which looks at every character of each, costs more than the statement.
 */
export const plainArray = (values: readonly (string | number | boolean | null | undefined)[]): string => {
  let text = '{';
  for (const value of values) text += `${text === '{' ? '' : ','}${value ?? 'null'}`;
  return `${text}}`;
};
