import { Refusal } from '../../commands/refusals.js';

/** An entity tag of ours: a strong tag holding a stream version. */
export const entityTag = (version: number): string => `"${version}"`;

/**
 * The versions in an If-Match (RFC 9110, section 13.1.1), or `*`. Weak tags never match in If-Match, and tags that
 * are not ours match nothing.
 */
export function readIfMatch(header: string | undefined): readonly number[] | '*' | undefined {
  if (header === undefined) return undefined;
  if (header.trim() === '*') return '*';
  const tags = tagsIn(header);
  if (header.length > 2000 || !tags) {
    throw new Refusal('invalid_header', 'If-Match takes "<version>", a list of them, or *.');
  }
  return tags.map((tag) => (/^"(?:0|[1-9]\d{0,14})"$/.test(tag) ? Number(tag.slice(1, -1)) : -1));
}

/**
 * The tags of a list (RFC 9110, section 8.8.3: a tag may hold a comma); undefined where it is none. Empty elements count
 * for nothing (section 5.6.1.2).
 */
function tagsIn(header: string): string[] | undefined {
  const tags: string[] = [];
  const tag = /[ \t,]*((?:W\/)?"[\x21\x23-\x7e\x80-\xff]*")[ \t]*(?:,[ \t,]*|$)/y;
  while (tag.lastIndex < header.length) {
    const [, found] = tag.exec(header) ?? [];
    if (found === undefined) return undefined;
    tags.push(found);
  }
  return tags.length > 0 ? tags : undefined;
}

/** Whether If-None-Match (RFC 9110, section 13.1.2, weak comparison) names the tag: then GET answers 304. */
export function matchesNone(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  return header.trim() === '*' || (tagsIn(header) ?? []).some((one) => one.replace(/^W\//, '') === tag);
}
