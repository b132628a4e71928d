import { changelogCurrent, changelogDated } from './changelog-checks.js';
import type { Check } from './checks.js';
import { cacheReads, commandsMutations, contractsUi, modelsContracts, risksWrites } from './consistency-checks.js';
import { linksResolve, relationsResolve } from './link-checks.js';
import { commandsNamed, eventsNamed } from './naming-checks.js';
import { reportAgrees, reportCovers, reportCurrent, reportSources, reportStructure } from './report-checks.js';
import { riskCategories, risksComplete } from './risk-checks.js';
import type { CheckName } from './rules.js';
import { headingLevels, sectionsFilled, sectionsOrdered, sectionsRequired } from './section-checks.js';

/** Every check by its name. */
export const checkTable: Record<CheckName, Check> = {
  'sections.required': sectionsRequired,
  'sections.filled': sectionsFilled,
  'sections.ordered': sectionsOrdered,
  'headings.levels': headingLevels,
  'risks.complete': risksComplete,
  'risks.categories': riskCategories,
  'commands.named': commandsNamed,
  'events.named': eventsNamed,
  'changelog.dated': changelogDated,
  'changelog.current': changelogCurrent,
  'links.resolve': linksResolve,
  'relations.resolve': relationsResolve,
  'report.structure': reportStructure,
  'report.sources': reportSources,
  'report.agrees': reportAgrees,
  'report.current': reportCurrent,
  'report.covers': reportCovers,
  'consistency.models_contracts': modelsContracts,
  'consistency.contracts_ui': contractsUi,
  'consistency.risks_writes': risksWrites,
  'consistency.commands_mutations': commandsMutations,
  'consistency.cache_reads': cacheReads,
};
