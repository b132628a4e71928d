import type { DomainCommand } from '../../commands/command.js';
import { Refusal } from '../../commands/refusals.js';
import type { ReplaceSpec } from '../../commands/replace-spec.commands.js';
import type { CreateSpec, ImportSpec } from '../../commands/spec.commands.js';
import { bounds } from '../../commands/bounds.js';
import { erased } from '../../events/personal.js';
import type { SectionContent } from '../../events/spec.events.js';
import type { MarkdownDocument } from '../markdown/document.js';
import { parseDocument, renderDocument } from '../markdown/document.js';
import { slugify } from '../markdown/headings.js';
import type { TemplateSection } from '../markdown/section-keys.js';
import { matchSections, missingKeys, reconcileSections } from '../markdown/section-keys.js';
import { detectEol, isClosed, retitlePreamble, sectionHeadingSource } from '../markdown/section-text.js';
import type { TemplateDocument } from '../markdown/template-document.js';
import { skeleton } from '../markdown/template-document.js';
import type { DesiredSection, DesiredSpec, SpecEvent } from './differences.decider.js';
import { differences } from './differences.decider.js';
import { mergeThreeWay } from './merge.decider.js';
import { readable } from './readable.decider.js';
import { mustBeRelatableToAll } from './relation.decider.js';
import type { RelationsFacts } from './relation.decider.js';
import type { Spec, SpecState } from './spec-state.decider.js';
import { sha256 } from './spec-state.decider.js';

/** A template as the rules need it. */
export type TemplateFacts = { key: string; version: number; document: TemplateDocument };

/** What creation and import know from outside: the next number of the organization, and the template. */
export type CreationFacts = { number: number; template: TemplateFacts };

/** For a whole new version: the template it is pinned to; for a merge also the version it was written from, and today's texts. */
export type RevisionFacts = { template: TemplateFacts; merge?: { base: Spec; bodies: ReadonlyMap<string, string> } };

/** For a whole spec as JSON also which of the specs it relates to exist. */
export type ReplacementFacts = RevisionFacts & RelationsFacts;
export type DocumentFacts = CreationFacts & RevisionFacts & { document: MarkdownDocument; bytes: number };

export function createSpec(state: SpecState, command: CreateSpec): SpecEvent[] {
  mustNotExist(state);
  const { title, labels, owner } = command;
  const { number, template } = command.facts as CreationFacts;
  const { preamble, sections } = skeleton(template.document, title);
  const content = sections.map((section) => contentOf(section, section.key));
  const pinned = { key: template.key, version: template.version };
  const data = {
    number,
    title,
    template: pinned,
    labels: labels ?? [],
    owner: owner ?? null,
    preamble,
    sections: content,
  };
  return [{ type: 'spec.document.created', data }];
}

export function importSpec(state: SpecState, command: ImportSpec): SpecEvent[] {
  const { number, template, document, bytes } = command.facts as DocumentFacts;
  const title = shortTitle(document.title ?? command.title ?? state?.title ?? 'Untitled specification');
  if (state)
    return revise(state, command, {
      title,
      preamble: document.preamble,
      sections: reconciled(document, mergeBase(command) ?? state, template),
    });

  const matches = matchSections(
    document.sections.map(({ heading }) => heading),
    template.document.sections,
  );
  const sections = document.sections.map((section, index) =>
    contentOf(section, matches[index]?.key ?? section.heading),
  );
  const pinned = { key: template.key, version: template.version };
  const report = {
    template: pinned,
    sections: matches,
    missing: missingKeys(matches, template.document.sections),
    unread: document.unread,
    bytes: { in: bytes, out: Buffer.byteLength(renderDocument(document)) },
  };
  const data = {
    number,
    title,
    template: pinned,
    preamble: document.preamble,
    sections,
    report,
  };
  return [{ type: 'spec.document.imported', data }];
}

/** Sections sent as JSON carry no exact heading: those with a heading as it was keep theirs. */
export function replaceSpec(state: SpecState, command: ReplaceSpec): SpecEvent[] {
  const spec = mustExist(state);
  const { labels, relations } = command;
  // As it was read, where the owner was erased.
  const owner = command.owner === erased ? undefined : command.owner;
  const eol = detectEol(spec.preamble + (spec.sections[0]?.headingSource ?? ''));
  const given = command.preamble ?? spec.preamble;
  const stated = shortTitle(parseDocument(given).title ?? spec.title);
  const title = command.title === undefined || command.title === spec.title ? stated : command.title;
  const preamble = title === stated ? given : retitlePreamble(given, title, eol);
  const known = new Map((mergeBase(command)?.sections ?? spec.sections).map((section) => [section.key, section]));
  const taken = new Set<string>();
  const sections = command.sections.map(({ key: name, heading, body, notApplicable }): DesiredSection => {
    const old = name === undefined ? undefined : known.get(name);
    const key = old && !taken.has(old.key) ? old.key : slugify(name ?? heading, new Set([...known.keys(), ...taken]));
    taken.add(key);
    const headingSource = old && old.heading === heading ? old.headingSource : sectionHeadingSource(heading, eol);
    const content = contentOf({ heading, headingSource, body }, key);
    return notApplicable === undefined ? content : { ...content, notApplicable };
  });
  mustBeRelatableToAll(spec, command);
  const desired = readable({ title, preamble, sections, labels, owner, relations }, new Map(), eol);
  return revise(spec, command, desired);
}

function revise(spec: Spec, command: ImportSpec | ReplaceSpec, desired: DesiredSpec): SpecEvent[] {
  const merge = (command.facts as RevisionFacts).merge;
  if (!merge) return differences(spec, desired);
  const eol = detectEol(desired.preamble + (desired.sections[0]?.headingSource ?? ''));
  return differences(spec, readable(mergeThreeWay(merge.base, spec, desired, merge.bodies), merge.bodies, eol));
}

const mergeBase = (command: DomainCommand): Spec | undefined => (command.facts as RevisionFacts).merge?.base;

/** Keys for a whole new version: what was there keeps its key, the rest is mapped by the template. */
function reconciled(document: MarkdownDocument, spec: Spec, template: TemplateFacts): DesiredSection[] {
  const hashed = document.sections.map((section) => ({ ...section, bodyHash: sha256(section.body) }));
  const known = spec.sections.map((section) => ({ ...section, bodyHash: section.contentHash }));
  const keys = reconcileSections(hashed, known, template.document.sections satisfies readonly TemplateSection[]);
  return document.sections.map((section, index) => contentOf(section, keys[index] ?? section.heading));
}

function contentOf(section: { heading: string; headingSource: string; body: string }, key: string): SectionContent {
  const { heading, headingSource, body } = section;
  const open = !isClosed(headingSource + body);
  return { key, heading, headingSource, body, contentHash: sha256(body), ...(open && { open }) };
}

export function mustExist(state: SpecState): Spec {
  if (!state) throw new Refusal('not_found', 'There is no such spec in this organization.');
  return state;
}

/** A first heading may be longer than a title; it is cut between characters. */
export const shortTitle = (title: string): string => title.slice(0, bounds.title).replace(/[\uD800-\uDBFF]$/, '');

function mustNotExist(state: SpecState): void {
  if (state) throw new Refusal('already_exists', `The spec exists already, as SPEC-${state.number}.`);
}
