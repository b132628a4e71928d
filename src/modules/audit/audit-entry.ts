import type { entryKinds } from '../../commands/trail-filter.commands.js';
import type { EventSchemas } from '../../events/event-schemas.js';
import { personalFields } from '../../events/personal.js';
import type { RecordedEvent } from '../event-store/history.js';

/** Whose trail has what the operator does to all organizations at once: nobody's among them. */
export const installation = '00000000-0000-0000-0000-000000000000';

/** A line of the trail, as it is kept. `text` is what words are looked for in; it is not kept itself. */
export type AuditEntry = {
  organizationId: string;
  /** RFC 3339. */
  recordedAt: string;
  /** Of an event its own id. */
  entryId: string;
  kind: (typeof entryKinds)[number];
  type: string;
  seq: number | null;
  streamId: string | null;
  version: number | null;
  specId: string | null;
  section: string | null;
  command: string | null;
  transition: string | null;
  actorId: string;
  actorKind: string;
  actorName: string;
  onBehalfOf: string | null;
  correlationId: string;
  code: string | null;
  reason: string | null;
  decision: object | null;
  /** Null where it is to be looked up. */
  hashBefore: string | null;
  hashAfter: string | null;
  text: string;
};

/** Most of an event that is searched, in characters. */
const searched = 10_000;
const longestReason = 2000;
/** Most of the key of a section that is kept: what is sent in a path may be none. */
export const longestSection = 200;

type Payload = Record<string, unknown>;

/**
 * What the trail keeps of an event: every member by itself, as spreading them would take ten times as long.
 * @param hashBefore of the section that it is about, where it is known
 */
export function entryOfEvent(event: RecordedEvent, schemas: EventSchemas, hashBefore: string | null): AuditEntry {
  const { organizationId, recordedAt, eventId, type, seq, streamId, version, metadata, payload } = event;
  const { actor, command, correlationId } = metadata;
  const said = payload as Payload;
  const personal = new Set(personalFields(schemas.classOf(type)));
  const isOfSpec = type.startsWith('spec.');
  const section = sectionOf(type, said);
  return {
    organizationId,
    recordedAt,
    entryId: eventId,
    kind: 'event',
    type,
    seq,
    streamId,
    version,
    specId: isOfSpec ? streamId : textOf(said.specId),
    section: section === null ? null : cut(section, longestSection),
    command,
    transition: type.startsWith('spec.lifecycle.') ? type.slice('spec.lifecycle.'.length) : null,
    actorId: actor.id,
    actorKind: actor.kind,
    actorName: actor.name,
    onBehalfOf: textOf(said.onBehalfOf),
    correlationId,
    code: null,
    reason: cutReason(reasonIn(said, personal)),
    decision: decisionIn(said),
    hashBefore,
    hashAfter: textOf(said.contentHash) ?? textOf((said.section as Payload | undefined)?.contentHash),
    text: cut(textsIn(said, personal).join('\n'), searched),
  };
}

/** The beginning of a text, without half a character at its end, which could not be stored. */
export const cut = (text: string, most: number): string =>
  text.length <= most ? text : text.slice(0, most).replace(/[\ud800-\udbff]$/, '');

const cutReason = (reason: string | null): string | null => (reason === null ? null : cut(reason, longestReason));

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

function sectionOf(type: string, { key, section, sectionKey }: Payload): string | null {
  if (type.startsWith('spec.section.')) return textOf(key) ?? textOf((section as Payload | undefined)?.key);
  return textOf(section) ?? textOf(sectionKey);
}

/** Why it was done, under whichever name the event has for it. */
function reasonIn(said: Payload, personal: ReadonlySet<string>): string | null {
  for (const name of ['reason', 'resolution', 'conclusion', 'comment', 'justification']) {
    const text = personal.has(name) ? null : textOf(said[name]);
    if (text !== null) return text;
  }
  return null;
}

/** What was decided and by what, where the event is a decision. */
function decisionIn(said: Payload): object | null {
  const members = ['policy', 'overrideId', 'voteIds', 'position', 'meaning', 'unmet', 'upheld', 'authentication'];
  const found = members.filter((name) => said[name] !== undefined && said[name] !== null);
  const isDecision = found.some((name) => name !== 'position' && name !== 'authentication');
  return isDecision ? Object.fromEntries(found.map((name) => [name, said[name]])) : null;
}

/** Members that name things, and hold nothing that people wrote. */
const isName = (name: string): boolean =>
  /(?:Ids?|[hH]ash|[kK]ey|[kK]ind|At|^type|^number|^version|^section|^position|^role|^principal|^method)$/.test(name);

function textsIn(value: unknown, personal: ReadonlySet<string>): string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  if (Array.isArray(value)) return value.flatMap((one) => textsIn(one, noNames));
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const isObject = typeof member === 'object' && !Array.isArray(member);
    return personal.has(name) || (isName(name) && !isObject) ? [] : textsIn(member, noNames);
  });
}

const noNames: ReadonlySet<string> = new Set();
