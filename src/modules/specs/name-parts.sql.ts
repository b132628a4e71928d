/**
 * PostgreSQL keeps what looks like a host, a file or an address as one word: whoever looks for `receive` does not find
 * `wms.quagga.receive`. So parts of names are words besides. Here are the expressions of SQL that take names apart.
 */

/** Between parts of names: all signs of ASCII. What other scripts have between words PostgreSQL knows better. */
const signs = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';
/** Around words of prose, where PostgreSQL leaves them away by itself. */
const wrapping = '!"\'()*,.:;<>?[]_`{|}';

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A text with a space for each sign: as long as before, so that places in one are places in the other. */
export const apart = (text: string): string => `translate(${text}, ${quoted(signs)}, repeat(' ', ${signs.length}))`;

/**
 * A text with something between the words of `camelCase` and `HTTPServer`.
 * @param between an expression, too
 */
export const humps = (text: string, between: string): string => {
  const put = (within: string, left: string, right: string) =>
    `regexp_replace(${within}, '(${left})(${right})', '\\1' || ${between} || '\\2', 'g')`;
  return put(put(text, '[[:lower:][:digit:]]', '[[:upper:]]'), '[[:upper:]]', '[[:upper:]][[:lower:]]');
};

/** The parts of a name as words with spaces between: what stands between its signs, and the same without humps. */
export const readings = (name: string): string =>
  `(values (btrim(${apart(name)})), (btrim(${humps(apart(name), `' '`)})))`;

/**
 * The parts of all names of a text, of each once, as a vector. A word that nobody looks for stands between names: the end
 * of one and the beginning of another are no phrase.
 * @param most characters
 */
export const partsOf = (text: string, most: number): string => `to_tsvector('english', left((
    select coalesce(string_agg(distinct reading, ' the '), '')
    from (select distinct btrim(word, ${quoted(wrapping)}) as name from regexp_split_to_table(${text}, '\\s+') as word) names
    cross join lateral ${readings('name')} as readings (reading)
    where reading not in ('', name)), ${most}))`;
