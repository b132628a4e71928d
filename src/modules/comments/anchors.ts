import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { hash } from 'node:crypto';
import { Refusal } from '../../commands/refusals.js';
import type { TextAnchor } from '../../events/comment.events.js';
import { SpecPageQueries } from '../specs/spec-page.queries.js';
import type { Relocated } from './relocate.js';
import { relocate } from './relocate.js';

/** Where a thread was opened: on which version of which section of a spec. */
export type Place = { specId: string; specVersion: number; section: string; anchor: TextAnchor };

/** Finds the stretches of text that threads are about in the sections as they are now. */
@Injectable()
export class Anchors {
  /** What a section read like, by its hash: a text never changes. */
  private readonly texts = new LRUCache<string, string>({
    maxSize: 32 * 1024 * 1024,
    sizeCalculation: (text) => 2 * text.length + 100,
  });

  constructor(private readonly specs: SpecPageQueries) {}

  /** @param body the section's present text; null where the spec has no such section any more */
  async locate(organizationId: string, place: Place, body: string | null): Promise<Relocated> {
    const { start, end, contentHash } = place.anchor;
    if (body === null) return { status: 'gone' };
    if (hash('sha256', body) === contentHash) return { status: 'exact', start, end };
    return relocate(await this.textRead(organizationId, place), body, { start, end });
  }

  /** The section's text when the thread was opened, out of history. */
  private async textRead(organizationId: string, { specId, specVersion, section, anchor }: Place): Promise<string> {
    const key = `${organizationId}/${anchor.contentHash}`;
    const known = this.texts.get(key);
    if (known !== undefined) return known;
    const { body } = await this.specs.section(organizationId, specId, section, { version: specVersion });
    if (hash('sha256', body) !== anchor.contentHash) {
      throw new Refusal('internal_error', 'The text that the thread was opened on is not the one it names.');
    }
    this.texts.set(key, body);
    return body;
  }
}
