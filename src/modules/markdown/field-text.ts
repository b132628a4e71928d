import type { DataModelField } from './design-elements.view.js';
import { codeSpans, plainText, trimMarks } from './inline.js';

const typeWord =
  /^(?:uuid|string|text|varchar|char|citext|int(?:eger|\d)?|bigint|smallint|serial|number|numeric|decimal|float|double|real|bool(?:ean)?|date(?:time)?|time(?:stamp(?:tz)?)?|jsonb?|bytea|enum|array|object|record|map|vector)(?:\([^()]*\))?(?:\[\])?\??(?![\w.])/i;
/** The name of another type; a single capitalised word may as well start a sentence. */
const typeName = /^[A-Z][a-z]+(?:[A-Z][a-z0-9]*)+(?:\[\])?\??(?![\w.])/;
/** The type a text starts with. */
export const typeAt = (text: string): string | null => (typeWord.exec(text) ?? typeName.exec(text))?.[0] ?? null;
const identifier = /^[A-Za-z_][\w.]*\??$/;
const name = '`[A-Za-z_][\\w.]*\\??`';
/** Names that share what follows them. */
const sharing = new RegExp(`^(${name}(?:\\s*/\\s*${name})+)\\s*(:?)(.*)$`, 's');
const namedField = new RegExp(`^${name}(?:\\s*/\\s*${name})*\\s*:`);

/**
 * Fields a bullet gives: "`id`: UUID PK", "`status` text — open or closed", "`a` uuid, `b` uuid nullable (note)",
 * "`a`: uuid; `b`: uuid", "`net` / `gross`: numeric", "`key text null`". A bullet that starts with anything but a field
 * name gives none.
 */
export function bulletField(source: string): DataModelField[] {
  const [span] = codeSpans(source);
  if (!span) {
    const plain = /^([a-z_]\w*)(\?)?:\s+(.*)$/s.exec(source);
    return plain && typeAt(plain[3] ?? '') !== null
      ? [field(`${plain[1] ?? ''}${plain[2] ?? ''}`, plain[3] ?? '')]
      : [];
  }
  if (!/^(?:\*\*)?$/.test(source.slice(0, span.start))) return [];
  const rest = source.slice(span.end).replace(/^\*\*/, '');
  const [first = '', ...inside] = span.text.split(/[\s:]+/);
  if (inside.length > 0) {
    return identifier.test(first) && typeAt(inside.join(' ')) !== null
      ? [field(first, `${inside.join(' ')} ${rest}`)]
      : [];
  }
  if (!identifier.test(first)) return [];
  const [own = '', ...others] = splitList(rest);
  const following = others.map((piece) => piece.trim());
  const [stated, separate] = /^\s*:/.test(rest)
    ? // Behind a colon, `values` follow a comma as well: another field has a colon of its own.
      [rest.replace(/^\s*:/, ''), typeAt(own.replace(/^[\s:]+/, '')) !== null && namedField.test(following[0] ?? '')]
    : [rest, true];
  if (!separate || !following.every((piece) => /^`[A-Za-z_]\w*\??`/.test(piece))) {
    return sharedFields(source) ?? [field(first, stated)];
  }
  return [
    ...(sharedFields(`\`${first}\`${own}`) ?? [field(first, own.replace(/^\s*:/, ''))]),
    ...following.flatMap((piece) => bulletField(piece)),
  ];
}

/** "`net` / `gross`: numeric": fields that share one type or description; null where the text gives none such. */
function sharedFields(source: string): DataModelField[] | null {
  const [, names, colon, rest = ''] = sharing.exec(source) ?? [];
  if (names === undefined || (colon === '' && typeAt(rest) === null)) return null;
  return codeSpans(names).map((span) => field(span.text, rest));
}

/** Cuts at commas and semicolons outside parentheses, braces and code. */
function splitList(text: string): string[] {
  const pieces: string[] = [];
  let [depth, code, start] = [0, false, 0];
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '`') code = !code;
    else if (!code && '([{'.includes(character)) depth += 1;
    else if (!code && ')]}'.includes(character)) depth = Math.max(0, depth - 1);
    else if (!code && depth === 0 && (character === ',' || character === ';')) {
      pieces.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...pieces, text.slice(start)];
}

/** What follows a field's name: type, then constraints up to a dash or parenthesis, then the description. */
function field(written: string, source: string): DataModelField {
  const name = written.replace(/\?$/, '');
  const text = source.trim();
  const span = codeSpans(text)[0];
  const quoted = span?.start === 0 ? span : undefined;
  const type = quoted?.text ?? typeAt(text);
  const rest = trimMarks(text.slice(quoted?.end ?? type?.length ?? 0), ' ,;:');
  const split = /\(|\s[—–-]\s|^[—–-]\s|\.\s/.exec(rest);
  const constraints = type === null ? '' : plainText(rest.slice(0, split?.index ?? rest.length));
  const remark = type === null ? rest : rest.slice(split?.index ?? rest.length);
  const description = trimMarks(plainText(remark), ' —–-,;:');
  const plain = description.startsWith('(') && description.indexOf(')') === description.length - 1;
  return {
    name,
    type,
    nullable: nullableOf(written, `${type ?? ''} ${constraints}`),
    description: (plain ? description.slice(1, -1) : description) || null,
    constraints: trimMarks(constraints, ' ,;.') || null,
  };
}

function nullableOf(name: string, stated: string): boolean | null {
  if (/\bnot null\b|\brequired\b|\bpk\b|\bprimary key\b/i.test(stated)) return false;
  return /\?$/.test(name) || /\bnull(?:able)?\b|\boptional\b|\?(?:\s|$)/i.test(stated) ? true : null;
}
