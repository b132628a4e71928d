import { hash } from 'node:crypto';
import type { OpenThread } from '../../commands/comment.commands.js';
import { Refusal } from '../../commands/refusals.js';
import type { TextAnchor } from '../../events/comment.events.js';

/** Whom each mention means; null where that is nobody here, or more than one. */
export type MentionFacts = { mentioned: readonly (string | null)[] };

/** The spec as it is: its version, and the text of the section that is named, if it has that. */
export type AnchorFacts = MentionFacts & { specVersion: number; body: string | null };

/** How much of the text around a stretch is kept with it. */
const contextLength = 64;

/** The stretch that a thread is opened on, with what stands around it; refuses one that is not in the text. */
export function anchorIn({ section, anchor, suggestion }: OpenThread, { body }: AnchorFacts): TextAnchor | null {
  if (section === undefined) {
    if (anchor) throw invalid('/section', 'section', 'is needed for a stretch of text');
    if (suggestion !== undefined) throw invalid('/suggestion', 'anchor', 'needs a stretch of text');
    return null;
  }
  if (body === null) throw invalid('/section', 'exists', 'must be the key of a section of the spec');
  if (!anchor) {
    if (suggestion !== undefined) throw invalid('/suggestion', 'anchor', 'needs a stretch of text');
    return null;
  }
  const { quote, start, contentHash } = anchor;
  if (hash('sha256', body) !== contentHash) {
    throw new Refusal('content_changed', 'The section is not the one that was read: read it again.');
  }
  const end = start + quote.length;
  if (body.slice(start, end) !== quote) throw invalid('/anchor/quote', 'quote', 'must stand in the section at start');
  const [prefix, suffix] = [
    body.slice(Math.max(0, start - contextLength), start),
    body.slice(end, end + contextLength),
  ];
  return { quote, prefix: prefix.toWellFormed(), suffix: suffix.toWellFormed(), start, end, contentHash };
}

/** The ids of those who are mentioned, each once. */
export function idsOf({ mentioned }: MentionFacts): string[] {
  return mentioned
    .map((id, index) => {
      if (id === null) throw invalid(`/mentions/${index}`, 'exists', 'must be the id or the name of one member');
      return id;
    })
    .filter((id, index, all) => all.indexOf(id) === index);
}

const invalid = (pointer: string, code: string, message: string) =>
  new Refusal('validation_failed', `${pointer.slice(1)} ${message}.`, { errors: [{ pointer, code, message }] });
