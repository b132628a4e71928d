/** Words that look plural and are not, or that name one thing in the plural. */
const alike = new Set(
  (
    'access address alias aliases analysis analytics atlas aws basis bonus bus business campus canvas census chaos class ' +
    'cms corpus credentials css diagnosis dns focus gas gps https ics kudos lens less means news ops os plus pos ' +
    'preferences process progress saas sales series settings sms species status synopsis tls virus wireless wms'
  ).split(' '),
);

/** The word in the singular, as far as its ending tells; lower case in, lower case out. */
export function singular(word: string): string {
  if (word.length < 3 || !word.endsWith('s') || alike.has(word) || /(?:ss|us|is)$/.test(word)) return word;
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`;
  return /(?:ch|sh|x|ss|zz)es$/.test(word) ? word.slice(0, -2) : word.slice(0, -1);
}

/** Longer names are compared by their beginning. */
const longestName = 200;

/** The words of an identifier, a path segment or a heading, in lower case: `AsnLine`, `asn_line` and `ASN line` alike. */
export const wordsOf = (name: string): string[] =>
  name
    .slice(0, longestName)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);

/** What two names of one thing have in common: their words in the singular. */
export const nameKey = (name: string): string => wordsOf(name).map(singular).join(' ');

const notPast = new Set(
  'need feed seed speed embed bed red exceed proceed succeed breed hundred shared related unrelated based'.split(' '),
);
const irregular = new Set(
  (
    'been begun bound bought broken brought built caught chosen cut dealt done drawn driven found forgotten frozen given ' +
    'gone held hidden hit kept known left lost made met overridden paid put quit read rebuilt resent reset run sent set ' +
    'shown shut sold sought spent split spoken stolen sunk taken taught thrown told unbound understood undone withdrawn ' +
    'woken won written'
  ).split(' '),
);

const isPast = (word: string): boolean =>
  irregular.has(word) || (word.length > 3 && word.endsWith('ed') && !notPast.has(word));

/** What is wrong with the name of a command or event, in parts of a sentence; nothing where it is well named. */
export function namingProblems(name: string, kind: 'command' | 'event'): string[] {
  const segments = name.split('.');
  const problems: string[] = [];
  if (segments.length !== 3)
    problems.push(`it has ${segments.length} ${segments.length === 1 ? 'part' : 'parts'}, not three`);
  if (!segments.every((segment) => /^[a-z][a-z0-9_]*$/.test(segment))) problems.push('it is not in lower snake_case');
  const entity = segments.length < 3 ? undefined : wordsOf(segments.at(-2) ?? '').at(-1);
  if (entity !== undefined && singular(entity) !== entity) problems.push(`its entity "${segments.at(-2)}" is plural`);
  if (kind === 'event' && !wordsOf(segments.at(-1) ?? '').some(isPast)) problems.push('it is not in the past tense');
  return problems;
}
