import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { DomainCommand } from '../../commands/command.js';
import { Refusal } from '../../commands/refusals.js';
import { EventSchemas } from '../../events/event-schemas.js';
import { erased, personalFields } from '../../events/personal.js';
import type { RecordedEvent } from './history.js';
import { openToken, sealToken, subjectOfToken } from './personal-token.js';
import { SubjectKeys } from './subject-keys.js';

type Members = Record<string, unknown>;

/** How long a process may go on showing what it has read: a name erased by another process is gone within that. */
const shownFor = 5_000;

/**
 * Names of persons are tokens wherever they are kept: in commands from before the decision on, and so in events, states,
 * read models, topics and exports. They are texts again only in what is shown, as long as the person's key is there.
 */
@Injectable()
export class PersonalData {
  /** What tokens read, by organization and token. */
  private readonly shown = new LRUCache<string, string>({ max: 20_000, ttl: shownFor });

  constructor(
    private readonly subjects: SubjectKeys,
    private readonly schemas: EventSchemas,
  ) {}

  /** A command with tokens in the fields that are marked `@Personal`; the one given stays as it was sent. */
  async protect<C extends DomainCommand>(organizationId: string, command: C): Promise<C> {
    const copy = Object.assign(Object.create(Object.getPrototypeOf(command) as object) as C & Members, command);
    for (const field of personalFields(command.constructor as new () => C)) {
      const text = copy[field];
      // Whatever is sent becomes a token, one that looks like a token too: nobody can send in another's.
      if (typeof text === 'string' && text !== erased) {
        const { subject, key } = await this.subjects.findOrMake(organizationId, text);
        Object.assign(copy, { [field]: sealToken(subject, key, text) });
      }
    }
    return copy;
  }

  /** Everything that may be stored where somebody wrote this text: to look for it by equality. */
  async stored(organizationId: string, text: string): Promise<string[]> {
    const found = await this.subjects.find(organizationId, text);
    const asWritten = subjectOfToken(text) === undefined ? [text] : [];
    return found ? [sealToken(found.subject, found.key, text), ...asWritten] : asWritten;
  }

  /** The person who has this name, or this id, a UUID; nothing when there is none whose name can be read. */
  async subjectOf(
    organizationId: string,
    { person, subject }: { person?: string; subject?: string },
  ): Promise<string | undefined> {
    if (person !== undefined) return (await this.subjects.find(organizationId, person))?.subject;
    const known = subject === undefined ? [] : (await this.subjects.keysOf(organizationId, [subject])).keys();
    return [...known][0];
  }

  /** Objects with the texts of tokens in some of their fields; what is no token stays as it is. */
  async reveal<T extends object>(organizationId: string, objects: readonly T[], fields: (keyof T)[]): Promise<T[]> {
    const textOf = await this.reader(
      organizationId,
      objects.flatMap((one) => fields.map((field) => one[field])),
    );
    return objects.map((one) => withTexts(one, fields as string[], textOf));
  }

  /** Events of one organization as they are shown: with the names of actors, and of whom their payload names. */
  async revealEvents(organizationId: string, events: readonly RecordedEvent[]): Promise<RecordedEvent[]> {
    const marked = events.map((event) => ({ event, fields: personalFields(this.schemas.classOf(event.type)) }));
    const values = marked.flatMap(({ event: { metadata, payload }, fields }) => [
      metadata.actor.name,
      ...fields.map((field) => (payload as Members)[field]),
    ]);
    const textOf = await this.reader(organizationId, values);
    return marked.map(({ event, fields }) => {
      const actor = { ...event.metadata.actor, name: textOf(event.metadata.actor.name) };
      return { ...event, metadata: { ...event.metadata, actor }, payload: withTexts(event.payload, fields, textOf) };
    });
  }

  /**
   * A refusal as it is told: where two sides of a field that names a person are in conflict, with their names. Nothing
   * else in it is opened, or whoever has seen a token could have it read by writing it anywhere.
   */
  async revealRefusal(organizationId: string, refusal: Refusal, { steps }: DomainCommand): Promise<Refusal> {
    const named = steps.flatMap((step) => personalFields(step.constructor as new () => DomainCommand));
    const { conflicts, ...details } = refusal.details as { conflicts?: Members[] };
    if (!conflicts || named.length === 0) return refusal;
    const shown = conflicts.map(async (conflict) => {
      const sides = named.includes(String(conflict.field)) ? ['yours', 'theirs'] : [];
      return (await this.reveal(organizationId, [conflict], sides))[0];
    });
    return new Refusal(refusal.code, refusal.message, { ...details, conflicts: await Promise.all(shown) });
  }

  /** After an erasure here, nothing of it is shown here any more. */
  forget(): void {
    this.shown.clear();
  }

  /** What to show for any of some values, their keys read at once. */
  private async reader(organizationId: string, values: readonly unknown[]): Promise<(text: string) => string> {
    const texts = new Map<string, string>();
    const unread = new Map<string, string>();
    for (const value of values) {
      const subject = typeof value === 'string' ? subjectOfToken(value) : undefined;
      if (subject === undefined) continue;
      const token = value as string;
      const known = this.shown.get(`${organizationId}/${token}`);
      if (known === undefined) unread.set(token, subject);
      else texts.set(token, known);
    }
    if (unread.size > 0) {
      const keys = await this.subjects.keysOf(organizationId, [...new Set(unread.values())]);
      for (const [token, subject] of unread) {
        const key = keys.get(subject);
        const text = (key && openToken(key, token)) ?? erased;
        texts.set(token, text);
        this.shown.set(`${organizationId}/${token}`, text);
      }
    }
    return (text) => texts.get(text) ?? text;
  }
}

function withTexts<T extends object>(object: T, fields: readonly string[], textOf: (text: string) => string): T {
  const texts = fields.flatMap((field) => {
    const value = (object as Members)[field];
    return typeof value === 'string' ? [[field, textOf(value)]] : [];
  });
  return texts.length === 0 ? object : { ...object, ...(Object.fromEntries(texts) as Partial<T>) };
}
