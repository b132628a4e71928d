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
  const tags = header.split(',').map((tag) => tag.trim());
  if (header.length > 2000 || !tags.every((tag) => /^(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"$/.test(tag))) {
    throw new Refusal('invalid_header', 'If-Match takes "<version>", a list of them, or *.');
  }
  return tags.flatMap((tag) => (/^"\d{1,15}"$/.test(tag) ? [Number(tag.slice(1, -1))] : [-1]));
}

/** Whether If-None-Match (RFC 9110, section 13.1.2, weak comparison) names the tag: then GET answers 304. */
export function matchesNone(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  return header.trim() === '*' || header.split(',').some((one) => one.trim().replace(/^W\//, '') === tag);
}
