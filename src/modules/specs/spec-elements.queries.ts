import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { extractElements } from '../markdown/elements.js';
import type { SpecElements } from '../markdown/elements.view.js';
import type { SpecPage } from './spec-page.queries.js';
import { specMarkdown } from './spec-page.queries.js';

/** The typed elements of a spec: computed from its Markdown, never stored as a second truth. */
@Injectable()
export class SpecElementQueries {
  private readonly computed = new LRUCache<string, SpecElements>({ max: 200 });

  of(page: SpecPage): SpecElements {
    const { organizationId, specId, version } = page.row;
    const id = `${organizationId}/${specId}/${version}`;
    const known = this.computed.get(id);
    if (known) return known;

    let end = (page.row.preamble ?? '').length;
    const sections = page.sections.map(({ key, heading, headingSource, body }) => {
      const start = end;
      end += headingSource.length + (body ?? '').length;
      return { key, heading, start, end };
    });
    const elements = extractElements(specMarkdown(page), sections);
    this.computed.set(id, elements);
    return elements;
  }
}
