import type { List } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { Refusal } from '../../commands/refusals.js';
import { parseDocument } from './document.js';
import type { MarkdownSection } from './document.js';
import { inlineText } from './heading-text.js';
import { isMarkedOptional, normalizeHeading, slugify, withoutOptionalMarker } from './headings.js';
import { matchSections } from './section-keys.js';
import type { TemplateSection } from './section-keys.js';
import { closeText, detectEol, retitlePreamble, sectionHeadingSource } from './section-text.js';

export type TemplateDocument = { title: string | null; preamble: string; sections: TemplateSection[] };

/** Headings that real specs use for the sections of the built-in template, by section key. */
export const builtInAliases: Readonly<Record<string, readonly string[]>> = {
  tldr: ['TL;DR', 'TL; DR', 'TLDR / Summary', 'Executive Summary'],
  'problem-statement': ['Problem', 'The Problem', 'Problem Description'],
  'proposed-solution': ['Solution', 'The Solution', 'Proposed Approach', 'Solution Overview'],
  'user-stories-use-cases': ['User Stories', 'Use Cases', 'User Stories & Use Cases', 'Use Cases / User Stories'],
  architecture: ['Technical Architecture', 'System Architecture', 'Architecture Overview'],
  'data-models': ['Data Model', 'Data Model Changes'],
  'api-contracts': ['API Contract', 'API Endpoints', 'API Routes', 'API Design'],
  'internationalization-i18n': ['Internationalization', 'Internationalisation', 'i18n', 'i18n Keys', 'Translations'],
  'ui-ux': ['UI & UX', 'UI / UX', 'UX / UI', 'UI/UX Design', 'UI Design', 'User Interface'],
  configuration: ['Settings', 'Environment Variables'],
  'migration-compatibility': [
    'Migration & Backward Compatibility',
    'Migration & Backwards Compatibility',
    'Backward Compatibility',
    'Backwards Compatibility',
    'Backward Compatibility & Migration',
    'Migration Path',
    'Migration',
    'Compatibility',
  ],
  'implementation-plan': ['Implementation Phases', 'Implementation Steps', 'Phasing & Implementation Plan', 'Phasing'],
  'risks-impact-review': ['Risks', 'Risk Assessment', 'Risks & Mitigations', 'Risk Review', 'Risks & Impact'],
  'final-compliance-report': ['Compliance Report', 'Final Compliance Review', 'Compliance Review'],
  changelog: ['Change Log', 'Change History', 'Revision History', 'Version History'],
};

/** The list of required sections is read to this length: it is a list of names. */
const longestList = 8_000;

/**
 * A template read from its Markdown: every section is one that documents are to have. A section such as `## Required
 * Sections` is no section of documents: its numbered list names the required ones. Without it a section is required
 * unless its heading ends in `(Optional)` or `(if applicable)` or its text starts with "Optional".
 * `aliases`: other headings, by section key, that mean the same. Refuses `invalid_template` without any section.
 */
export function parseTemplate(
  markdown: string,
  aliases: Readonly<Record<string, readonly string[]>> = {},
): TemplateDocument {
  const { title, preamble, sections } = parseDocument(markdown);
  const listing = sections.find(({ heading }) => isListing(heading));
  const asked = sections.filter(({ heading }) => !isListing(heading));
  if (asked.length === 0) {
    throw new Refusal(
      'invalid_template',
      'The template has no section: a section is a heading of level 2 (`## Name`).',
    );
  }
  const taken = new Set<string>();
  const named = asked.map(({ heading, body }): TemplateSection => {
    const name = withoutOptionalMarker(heading);
    const key = slugify(name, taken);
    taken.add(key);
    const required = !isMarkedOptional(heading) && !/^[\s[(_*]*optional\b/i.test(body);
    return {
      key,
      heading: name,
      required,
      aliases: Object.hasOwn(aliases, key) ? (aliases[key] ?? []) : [],
      guidance: body,
    };
  });
  const listed = listing ? listedNames(listing.body) : [];
  if (listed.length === 0) return { title, preamble, sections: named };
  const required = new Set(matchSections(listed, named).map(({ key }) => key));
  return { title, preamble, sections: named.map((section) => ({ ...section, required: required.has(section.key) })) };
}

export type SkeletonSection = MarkdownSection & { key: string };

/**
 * A new document by the template: its text before the first section under the given title, and its sections with the
 * guidance as their text. Refuses `invalid_heading` for a title that cannot be one.
 */
export function skeleton(
  template: TemplateDocument,
  title: string,
): { preamble: string; title: string; sections: SkeletonSection[] } {
  const eol = detectEol(template.preamble + (template.sections[0]?.guidance ?? ''));
  return {
    preamble: retitlePreamble(template.preamble, title, eol),
    title,
    sections: template.sections.map(({ key, heading, guidance }) => ({
      key,
      heading,
      headingSource: sectionHeadingSource(heading, eol),
      body: closeText(guidance, eol),
    })),
  };
}

const isListing = (heading: string) => /^(?:required|mandatory) sections\b/.test(normalizeHeading(heading));

/** The names in the first numbered list of a text. */
function listedNames(body: string): string[] {
  const source = body.slice(0, longestList);
  const list = fromMarkdown(source).children.find(
    (node): node is List => node.type === 'list' && node.ordered === true,
  );
  return (list?.children ?? []).flatMap(({ children: [name] }) =>
    name?.type === 'paragraph'
      ? [inlineText(source.slice(name.position?.start.offset, name.position?.end.offset))]
      : [],
  );
}
