import { firstOfEachRoute, readApiContracts } from './api-contracts.js';
import { readChangelog } from './changelog.js';
import { firstOfEachName, readCommandsAndEvents } from './commands-events.js';
import { readComplianceReports } from './compliance-report.js';
import { readDataModels } from './data-models.js';
import { readAlternatives, readDesignDecisions } from './decisions.js';
import type { SpecElements } from './elements.view.js';
import { readFileManifest } from './file-manifest.js';
import { readI18nKeys } from './i18n-keys.js';
import { readOpenQuestions } from './open-questions.js';
import { effortLimits, parsingEffort, reasonNotToParse } from './parsing-effort.js';
import { readPhases } from './plan.js';
import { movePositions, SourcePositions } from './positions.js';
import { readRisks } from './risks.js';
import { Section } from './section.js';
import { readSettings } from './settings.js';
import { readUserStories } from './stories.js';

type SectionRange = { key: string; heading: string; start: number; end: number };

/**
 * The typed elements of a specification.
 *
 * `sections` gives each section's UTF-16 range [start, end) in `markdown`, heading included, with its stable key.
 * Sections are read one by one, so the elements of one depend on its own text only; names of commands and events and
 * routes are then made distinct over the document. Never throws: what cannot be read is listed in `unread`.
 */
export function extractElements(markdown: string, sections: readonly SectionRange[]): SpecElements {
  const positions = new SourcePositions(markdown);
  let budget: number = effortLimits.document;
  const found = sections.map(({ key, heading, start, end }) => {
    const source = markdown.slice(start, end);
    const effort = parsingEffort(source);
    let refusal = reasonNotToParse(source, effort);
    if (refusal === null) {
      budget -= effort.effort;
      if (budget < 0) refusal = 'The sections before have used up what is read of one document.';
    }
    const elements = extractSectionElements({ key, heading, source }, refusal);
    return movePositions(elements, positions.line(start) - 1, positions.byte(start));
  });
  return joinElements(found);
}

/** The elements of one section, with positions from its own start. With a `refusal` it is only listed as unread. */
export function extractSectionElements(
  given: SectionSource,
  refusal: string | null = reasonNotToParse(given.source, parsingEffort(given.source)),
): SpecElements {
  const opened = openSection(given, refusal);
  return opened instanceof Section ? readElements(opened) : { ...joinElements([]), unread: [opened] };
}

type SectionSource = { key: string; heading: string; source: string };

/** The section parsed once for every reader of it, or why it stays unread: a `refusal`, or too many headings. */
export function openSection(
  { key, heading, source }: SectionSource,
  refusal: string | null,
): Section | SpecElements['unread'][number] {
  const section = refusal === null ? new Section(key, heading, source) : null;
  if (section && section.parts.length <= effortLimits.headings) return section;
  const position = new SourcePositions(source).place(key, { start: 0, end: source.length });
  return {
    kind: 'section',
    reason: refusal ?? `The section has more than ${effortLimits.headings} headings.`,
    position,
  };
}

/** The elements of a parsed section, with positions from its own start. */
export function readElements(section: Section): SpecElements {
  return {
    userStories: readUserStories(section),
    designDecisions: readDesignDecisions(section),
    alternatives: readAlternatives(section),
    ...readCommandsAndEvents(section),
    dataModels: readDataModels(section),
    apiContracts: readApiContracts(section),
    i18nKeys: readI18nKeys(section),
    settings: readSettings(section),
    phases: readPhases(section),
    fileManifest: readFileManifest(section),
    openQuestions: readOpenQuestions(section),
    risks: readRisks(section),
    complianceReports: readComplianceReports(section),
    changelog: readChangelog(section),
    unread: section.unread,
  };
}

/** A name that one kind introduces is not listed as a mere mention of the other. */
export function distinctNames<Named extends { name: string; introduced: boolean }>(
  parts: readonly { commands: readonly Named[]; events: readonly Named[] }[],
): { commands: Named[]; events: Named[] } {
  const commands = firstOfEachName(parts.flatMap((part) => part.commands));
  const events = firstOfEachName(parts.flatMap((part) => part.events));
  const introduced = (names: readonly { name: string; introduced: boolean }[]) =>
    new Set(names.filter((named) => named.introduced).map((named) => named.name));
  const [asCommand, asEvent] = [introduced(commands), introduced(events)];
  return {
    commands: commands.filter((command) => command.introduced || !asEvent.has(command.name)),
    events: events.filter((event) => event.introduced || !asCommand.has(event.name)),
  };
}

function joinElements(parts: readonly SpecElements[]): SpecElements {
  const joined = {
    userStories: parts.flatMap((part) => part.userStories),
    designDecisions: parts.flatMap((part) => part.designDecisions),
    alternatives: parts.flatMap((part) => part.alternatives),
    ...distinctNames(parts),
    dataModels: parts.flatMap((part) => part.dataModels),
    apiContracts: firstOfEachRoute(parts.flatMap((part) => part.apiContracts)),
    i18nKeys: parts.flatMap((part) => part.i18nKeys),
    settings: parts.flatMap((part) => part.settings),
    phases: parts.flatMap((part) => part.phases),
    fileManifest: parts.flatMap((part) => part.fileManifest),
    openQuestions: parts.flatMap((part) => part.openQuestions),
    risks: parts.flatMap((part) => part.risks),
    complianceReports: parts.flatMap((part) => part.complianceReports),
    changelog: parts.flatMap((part) => part.changelog),
    unread: parts.flatMap((part) => part.unread),
  };
  for (const found of Object.values(joined)) found.sort((one, other) => one.position.start - other.position.start);
  return joined;
}

/** How many elements of each kind there are. */
export function elementsSummary(elements: SpecElements): Record<keyof SpecElements, number> {
  const counts = Object.entries(elements).map(([kind, found]) => [kind, (found as unknown[]).length]);
  return Object.fromEntries(counts) as Record<keyof SpecElements, number>;
}
