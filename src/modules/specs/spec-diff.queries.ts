import { Injectable } from '@nestjs/common';
import { movedLines } from './moved-lines.js';
import { changesBetween, movedBetween, unified } from './revision-changes.js';
import type { Parts } from './revision-changes.js';
import { partsOf } from './revision.queries.js';
import type { DiffSideView, FieldChangeView, SpecDiff, SpecDiffQuery } from './spec-diff.view.js';
import type { SpecMoment } from './spec-list.view.js';
import type { SpecPage } from './spec-page.queries.js';
import { SpecPageQueries, specMarkdown } from './spec-page.queries.js';
import { standingOf } from './spec-summary.queries.js';
import { rewrittenLines } from './word-changes.js';

/** Two moments of a spec held against each other. */
@Injectable()
export class SpecDiffQueries {
  constructor(private readonly specs: SpecPageQueries) {}

  /** By section, with words, moves and what differs beside the text. @throws Refusal `not_found` */
  async changes(organizationId: string, specId: string, query: SpecDiffQuery): Promise<SpecDiff> {
    const [before, after] = await this.sides(organizationId, specId, query);
    const [earlier, later] = [partsOf(before), partsOf(after)];
    const moved = movedBetween(earlier, later);
    const sections = changesBetween(earlier, later).map((change) => ({
      ...change,
      moved: moved.has(change.section),
      placeBefore: placeOf(earlier, change.section),
      placeAfter: placeOf(later, change.section),
      rewritten: change.change === 'changed' ? rewrittenLines(textOf(earlier, change), textOf(later, change)) : [],
    }));
    return {
      from: sideOf(before),
      to: sideOf(after),
      fields: fieldChanges(before, after),
      sections,
      movedLines: movedLines(earlier, later),
    };
  }

  /** The whole document as a unified diff. @throws Refusal `not_found` */
  async unified(organizationId: string, specId: string, query: SpecDiffQuery): Promise<string> {
    const [before, after] = await this.sides(organizationId, specId, query);
    const hunks = unified(specMarkdown(before), specMarkdown(after), 3);
    const name = `SPEC-${after.row.number}.md`;
    const head = `--- a/${name}\tversion ${before.row.version}\n+++ b/${name}\tversion ${after.row.version}\n`;
    return hunks === '' ? '' : head + hunks;
  }

  private sides(organizationId: string, specId: string, { from = '1', to }: SpecDiffQuery) {
    return Promise.all([
      this.page(organizationId, specId, from),
      to === undefined ? this.specs.page(organizationId, specId) : this.page(organizationId, specId, to),
    ]);
  }

  /** The present revision is what it is as long as nothing of it was approved. */
  private async page(organizationId: string, specId: string, moment: string): Promise<SpecPage> {
    if (moment.startsWith('r')) {
      const now = await this.specs.page(organizationId, specId);
      const { revision, inForce } = standingOf(now.row);
      if (moment === `r${revision}` && inForce?.revision !== revision) return now;
    }
    return this.specs.page(organizationId, specId, momentOf(moment));
  }
}

function momentOf(text: string): SpecMoment {
  if (text === 'approved') return { revision: text };
  if (text.startsWith('r')) return { revision: text.slice(1) };
  return /^\d+$/.test(text) ? { version: Number(text) } : { at: text };
}

const sideOf = ({ row: { version, updatedAt, contentHash } }: SpecPage): DiffSideView => {
  return { version, at: updatedAt, contentHash };
};

const textOf = (parts: Parts, { section }: { section: string | null }): string =>
  parts.find((part) => part.section === section)?.text ?? '';

function placeOf(parts: Parts, section: string | null): number | null {
  const place = parts.findIndex((part) => part.section === section);
  return place === -1 ? null : place;
}

function fieldChanges(before: SpecPage, after: SpecPage): FieldChangeView[] {
  const [earlier, later] = [fieldsOf(before), fieldsOf(after)];
  const names = new Map([...earlier, ...later].map(([name, { field, section }]) => [name, { field, section }]));
  return [...names].flatMap(([name, about]) => {
    const [old, current] = [earlier.get(name)?.values ?? [], later.get(name)?.values ?? []];
    return JSON.stringify(old) === JSON.stringify(current) ? [] : [{ ...about, before: old, after: current }];
  });
}

type Field = Pick<FieldChangeView, 'field' | 'section'> & { values: string[] };

function fieldsOf({ row, sections }: SpecPage): Map<string, Field> {
  const { title, lifecycle, owner, labels, relations } = row;
  const related = relations.map(({ type, specId }) => `${type} ${specId}`);
  const fields: Field[] = [
    { field: 'title', section: null, values: [title] },
    { field: 'lifecycle', section: null, values: [lifecycle] },
    { field: 'owner', section: null, values: owner === null ? [] : [owner] },
    { field: 'labels', section: null, values: [...labels].sort() },
    { field: 'relations', section: null, values: related.sort() },
    ...sections.flatMap(({ key, notApplicable }): Field[] =>
      notApplicable === null ? [] : [{ field: 'notApplicable', section: key, values: [notApplicable] }],
    ),
  ];
  return new Map(fields.map((one) => [`${one.field} ${one.section ?? ''}`, one]));
}
