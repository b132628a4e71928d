import { bounds } from '../../commands/bounds.js';
import { Refusal } from '../../commands/refusals.js';
import type {
  AddSection,
  MarkApplicable,
  MarkNotApplicable,
  MoveSection,
  RemoveSection,
  RenameSection,
  UpdateSection,
} from '../../commands/section.commands.js';
import { limits } from '../markdown/document.js';
import { slugify } from '../markdown/headings.js';
import { containedText, closeText, detectEol, isAtxHeading, sectionHeadingSource } from '../markdown/section-text.js';
import type { SpecEvent } from './differences.decider.js';
import { mustExist } from './document.decider.js';
import type { Section, Spec, SpecState } from './spec-state.decider.js';
import { sha256 } from './spec-state.decider.js';

/** Adding behind, or moving, an open last section needs its text, by key: it is closed first. */
export type LastSectionFacts = { bodies: ReadonlyMap<string, string> };

export function addSection(state: SpecState, command: AddSection): SpecEvent[] {
  const spec = mustExist(state);
  const { heading, position = spec.sections.length } = command;
  if (spec.sections.length >= limits.sections) {
    throw new Refusal('too_many_sections', `A document has at most ${limits.sections} sections.`);
  }
  if (position > spec.sections.length) throw outOfRange(spec.sections.length);
  const key = slugify(heading, new Set(spec.sections.map((section) => section.key)));
  const eol = eolOf(spec);
  const headingSource = sectionHeadingSource(heading, eol);
  const body = containedText(command.body, eol, spec.preamble);
  mustFit(spec, Buffer.byteLength(headingSource + body));
  const section = { key, heading, headingSource, body, contentHash: sha256(body) };
  return [
    ...(position === spec.sections.length ? closeLast(spec, command.facts as LastSectionFacts) : []),
    ...(spec.sections.length === 0 ? closePreamble(spec) : []),
    { type: 'spec.section.added', data: { section, position } },
    ...plainHeading(spec.sections[position], eol),
  ];
}

export function updateSection(state: SpecState, { sectionKey, body }: UpdateSection): SpecEvent[] {
  const spec = mustExist(state);
  const { section, index } = mustFind(spec, sectionKey);
  const eol = eolOf(spec);
  const sent = sha256(body);
  if (sent === section.contentHash) return [];
  const text = containedText(body, eol, spec.preamble);
  const contentHash = text === body ? sent : sha256(text);
  if (contentHash === section.contentHash) return [];
  mustFit(spec, Buffer.byteLength(text) - section.bytes);
  const headingSource = closeText(section.headingSource, eol);
  const { key, heading } = section;
  return [
    ...(headingSource === section.headingSource ? [] : [renamed({ key, heading, headingSource })]),
    { type: 'spec.section.updated', data: { body: text, contentHash, key } },
    ...plainHeading(spec.sections[index + 1], eol),
  ];
}

export function renameSection(state: SpecState, { sectionKey, heading }: RenameSection): SpecEvent[] {
  const spec = mustExist(state);
  const { section } = mustFind(spec, sectionKey);
  if (section.heading === heading) return [];
  return [renamed({ key: section.key, heading, headingSource: sectionHeadingSource(heading, eolOf(spec)) })];
}

export function removeSection(state: SpecState, { sectionKey }: RemoveSection): SpecEvent[] {
  const spec = mustExist(state);
  const { section, index } = mustFind(spec, sectionKey);
  return [
    { type: 'spec.section.removed', data: { key: section.key } },
    ...plainHeading(spec.sections[index + 1], eolOf(spec)),
  ];
}

export function moveSection(state: SpecState, command: MoveSection): SpecEvent[] {
  const spec = mustExist(state);
  const { section, index } = mustFind(spec, command.sectionKey);
  const { position } = command;
  if (position >= spec.sections.length) throw outOfRange(spec.sections.length - 1);
  if (position === index) return [];
  const rest = spec.sections.toSpliced(index, 1);
  const eol = eolOf(spec);
  return [
    ...closeLast(spec, command.facts as LastSectionFacts),
    { type: 'spec.section.moved', data: { key: section.key, position } },
    ...[section, rest[position], spec.sections[index + 1]]
      .filter((touched, at, all) => all.indexOf(touched) === at)
      .flatMap((touched) => plainHeading(touched, eol)),
  ];
}

export function markNotApplicable(state: SpecState, { sectionKey, reason }: MarkNotApplicable): SpecEvent[] {
  const { section } = mustFind(mustExist(state), sectionKey);
  if (section.notApplicable === reason) return [];
  return [{ type: 'spec.section.marked_not_applicable', data: { key: section.key, reason } }];
}

export function markApplicable(state: SpecState, { sectionKey }: MarkApplicable): SpecEvent[] {
  const { section } = mustFind(mustExist(state), sectionKey);
  return section.notApplicable === null ? [] : [{ type: 'spec.section.marked_applicable', data: { key: section.key } }];
}

const renamed = (data: { key: string; heading: string; headingSource: string }): SpecEvent => {
  return { type: 'spec.section.renamed', data };
};

/** Under a paragraph, the text of an underlined heading would run into it: behind a new neighbour it gets number signs. */
function plainHeading(section: Section | undefined, eol: '\n' | '\r\n'): SpecEvent[] {
  if (!section || isAtxHeading(section.headingSource)) return [];
  const { key, heading } = section;
  return [renamed({ key, heading, headingSource: sectionHeadingSource(heading, eol) })];
}

/** Nothing may be put behind text that runs on: the last section gets its final line ending, or is refused. */
function closeLast(spec: Spec, { bodies }: LastSectionFacts): SpecEvent[] {
  const last = spec.sections.at(-1);
  if (!last?.open) return [];
  const eol = eolOf(spec);
  const { key, heading } = last;
  const headingSource = closeText(last.headingSource, eol);
  const text = bodies.get(last.key);
  if (text === undefined || sha256(text) !== last.contentHash)
    throw new Error(`the text of ${last.key} is not at hand`);
  const body = containedText(text, eol, spec.preamble);
  return [
    ...(headingSource === last.headingSource ? [] : [renamed({ key, heading, headingSource })]),
    { type: 'spec.section.updated', data: { body, contentHash: sha256(body), key } },
  ];
}

function closePreamble(spec: Spec): SpecEvent[] {
  const preamble = closeText(spec.preamble, eolOf(spec));
  return preamble === spec.preamble ? [] : [{ type: 'spec.preamble.updated', data: { preamble } }];
}

export function mustFind(spec: Spec, key: string): { section: Section; index: number } {
  const index = spec.sections.findIndex((section) => section.key === key);
  const section = spec.sections[index];
  if (!section) throw new Refusal('not_found', `The spec has no section "${key}".`);
  return { section, index };
}

export const eolOf = (spec: Spec): '\n' | '\r\n' => detectEol(spec.preamble + (spec.sections[0]?.headingSource ?? ''));

export function mustFit(spec: Spec, growth: number): void {
  // A character is at most three bytes here (or two halves of four): most documents are far below without counting.
  let most = 3 * spec.preamble.length + growth;
  for (const section of spec.sections) most += section.bytes + 3 * section.headingSource.length;
  if (growth <= 0 || most <= bounds.documentBytes) return;
  const headings = spec.sections.reduce((sum, s) => sum + s.bytes + Buffer.byteLength(s.headingSource), 0);
  if (Buffer.byteLength(spec.preamble) + headings + growth > bounds.documentBytes) {
    throw new Refusal('document_too_large', `A document has at most ${bounds.documentBytes} bytes.`);
  }
}

const outOfRange = (last: number) => {
  const message = `must be between 0 and ${last}`;
  const errors = [{ pointer: '/position', code: 'range', message }];
  return new Refusal('validation_failed', `The position ${message}.`, { errors });
};
