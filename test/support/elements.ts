import { expect } from 'vitest';
import type { SpecElements } from '../../src/modules/markdown/elements.view.js';
import { plainText } from '../../src/modules/markdown/inline.js';
import { parseParts } from '../../src/modules/markdown/tree.js';

/** Template keys of the headings that occur most, so that these tests need no other module. */
const keys: readonly (readonly [RegExp, string])[] = [
  [/^user stories/, 'user-stories-use-cases'],
  [/^data models?$/, 'data-models'],
  [/^api contracts/, 'api-contracts'],
  [/^internationalization/, 'internationalization-i18n'],
  [/^configuration$/, 'configuration'],
  [/^implementation plan/, 'implementation-plan'],
  [/^risks (?:&|and) impact/, 'risks-impact-review'],
  [/^final compliance/, 'final-compliance-report'],
  [/^changelog/, 'changelog'],
];

/** A section and where it stands, in UTF-16 units. */
export type SectionRange = { key: string; heading: string; start: number; end: number };

/** The sections of a document, under the keys that the template gives the commonest headings. */
export function sectionsOf(markdown: string): SectionRange[] {
  const starts = parseParts(markdown).filter((part) => part.depth === 2 && part.headingEnd > part.start);
  return starts.map(({ title, start }, index) => {
    const heading = title.toLowerCase().replace(/^[\d.) ]+/, '');
    const key = keys.find(([pattern]) => pattern.test(heading))?.[1] ?? `custom-${index}`;
    return { key, heading: title, start, end: starts[index + 1]?.start ?? markdown.length };
  });
}

const words = (text: string): string => text.replace(/[^\p{L}\p{N}]+/gu, '');

/** For each element, the text that defines it; it must stand where the element says it stands. */
function definingTexts(elements: SpecElements): [{ start: number; end: number }, string][] {
  const of = <Found extends { position: { start: number; end: number } }>(
    found: readonly Found[],
    text: (element: Found) => string | null | undefined,
  ): [{ start: number; end: number }, string][] => found.map((element) => [element.position, text(element) ?? '']);
  return [
    ...of(elements.userStories, (story) => story.text),
    ...of(elements.designDecisions, (decision) => decision.rationale),
    ...of(elements.alternatives, (alternative) => alternative.alternative),
    ...of([...elements.commands, ...elements.events], (named) => named.name.slice(named.name.lastIndexOf('.') + 1)),
    ...of(elements.dataModels, (model) => model.name),
    ...of(elements.dataModels, (model) => model.fields[0]?.name),
    ...of(elements.apiContracts, (contract) => contract.path),
    ...of(elements.i18nKeys, (found) => found.key.slice(found.key.lastIndexOf('.') + 1)),
    ...of(elements.settings, (setting) => setting.name),
    ...of(elements.phases, (phase) => phase.title),
    ...of(
      elements.phases.flatMap((phase) => phase.steps),
      (step) => step.text,
    ),
    ...of(elements.fileManifest, (file) => file.file),
    ...of(elements.openQuestions, (question) => question.text),
    ...of(elements.risks, (risk) => risk.title ?? risk.scenario),
    ...of(elements.complianceReports, (report) => report.verdict),
    ...of(
      elements.complianceReports.flatMap((report) => report.matrix),
      (rule) => rule.rule,
    ),
    ...of(elements.changelog, (entry) => entry.date),
  ];
}

/** Expects the defining text of each element where the element says that it stands. */
export function expectPositionsToHold(markdown: string, elements: SpecElements): void {
  const bytes = Buffer.from(markdown);
  for (const [{ start, end }, text] of definingTexts(elements)) {
    const source = bytes.subarray(start, end).toString();
    const found = words(source).includes(words(text)) || words(plainText(source)).includes(words(text));
    if (!found) expect(source).toContain(text);
  }
}
