import { Refusal } from '../../commands/refusals.js';

/**
 * JSON as RFC 8259 wishes it were always read: a repeated member name is an error and not a silent choice, and text
 * that PostgreSQL cannot store (NUL, lone surrogates) is refused here, with a code, instead of failing later.
 */
export function parseStrictJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Refusal('malformed_json', (error as Error).message);
  }
  const names = countMembers(value, 0);
  if (names !== countNames(text)) throw new Refusal('malformed_json', 'An object names the same member twice.');
  if (/\\u(?:0000|[dD][89a-fA-F])/.test(text)) assertStorable(value);
  return value;
}

/** Refuses NUL and lone surrogates anywhere in the strings of a value. */
export function assertStorable(value: unknown): void {
  if (typeof value === 'string') {
    if (value.includes('\0') || !value.isWellFormed()) {
      throw new Refusal('forbidden_character', 'NUL and lone surrogates cannot be stored.');
    }
  } else if (value !== null && typeof value === 'object') {
    for (const [name, member] of Object.entries(value)) {
      assertStorable(name);
      assertStorable(member);
    }
  }
}

function countMembers(value: unknown, depth: number): number {
  if (value === null || typeof value !== 'object') return 0;
  if (depth > 32) throw new Refusal('malformed_json', 'The body is nested more than 32 levels deep.');
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) count += countMembers(item, depth + 1);
    return count;
  }
  for (const [name, member] of Object.entries(value)) {
    if (name === '__proto__') throw new Refusal('malformed_json', 'No member may be named "__proto__".');
    count += 1 + countMembers(member, depth + 1);
  }
  return count;
}

/** How many member names the text holds: strings that a colon follows. The text is known to be valid JSON. */
function countNames(text: string): number {
  let count = 0;
  for (let start = text.indexOf('"'); start >= 0;) {
    const end = closingQuote(text, start + 1);
    let next = end + 1;
    while (text.charCodeAt(next) <= 0x20) next++;
    if (text[next] === ':') count++;
    start = text.indexOf('"', next);
  }
  return count;
}

function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); ; at = text.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (text[at - 1 - backslashes] === '\\') backslashes++;
    if (backslashes % 2 === 0) return at;
  }
}
