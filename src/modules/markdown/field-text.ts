import type { DataModelField } from './design-elements.view.js';
import { codeSpans, plainText, trimMarks } from './inline.js';

const typeWord =
  /^(?:uuid|string|text|varchar|char|citext|int(?:eger|\d)?|bigint|smallint|serial|number|numeric|decimal|float|double|real|bool(?:ean)?|date(?:time)?|time(?:stamp(?:tz)?)?|jsonb?|bytea|enum|array|object|record|map|vector)(?:\([^()]*\))?(?:\[\])?\??(?![\w.])/i;
/** The name of another type; a single capitalised word may as well start a sentence. */
const typeName = /^[A-Z][a-z]+(?:[A-Z][a-z0-9]*)+(?:\[\])?\??(?![\w.])/;
const typeAt = (text: string): string | null => (typeWord.exec(text) ?? typeName.exec(text))?.[0] ?? null;
const identifier = /^[A-Za-z_][\w.]*\??$/;

/**
 * Fields a bullet gives: "`id`: UUID PK", "`status` text — open or closed", "`a` uuid, `b` uuid nullable (note)",
 * "`key text null`". A bullet that starts with anything but a field name gives none.
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
  if (/^\s*:/.test(rest)) return [field(first, rest.replace(/^\s*:/, ''))];
  const [own = '', ...others] = splitList(rest);
  const following = others.map((piece) => piece.trim());
  if (!following.every((piece) => /^`[A-Za-z_]\w*\??`/.test(piece))) return [field(first, rest)];
  return [field(first, own), ...following.flatMap((piece) => bulletField(piece))];
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
