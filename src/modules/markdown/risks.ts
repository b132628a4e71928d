import type { Risk } from './delivery-elements.view.js';
import { readLabels } from './labels.js';
import { finishRisk, labelledText, riskLabels } from './risk-fields.js';
import type { Fields } from './risk-fields.js';
import { areRisks, hasItemRisk, itemRisks } from './risk-items.js';
import { readTitle, splitMark } from './risk-marks.js';
import type { Section } from './section.js';
import { tablesOf, withSubparts } from './section.js';
import { readTable } from './tables.js';
import type { Part, Table } from './tree.js';

const columns = {
  id: ['#', 'id', 'risk id', 'no'],
  titleAndScenario: ['risk / failure scenario', 'risk / scenario', 'risk scenario'],
  title: ['risk', 'risk title', 'title', 'name', 'concern', 'threat'],
  scenario: riskLabels.scenario.filter((name) => name !== 'risk'),
  severity: [...riskLabels.severity, 'sev'],
  impact: riskLabels.impact,
  affectedArea: riskLabels.affectedArea,
  mitigation: [
    ...riskLabels.mitigation.filter((name) => !name.startsWith('mitigated')),
    'response',
    'remediation',
    'countermeasure',
  ],
  residualRisk: riskLabels.residualRisk,
} as const;

/** Risks of `Risks & Impact Review`: blocks with the five fields (under a heading or in a list item) and tables. */
export function readRisks(section: Section): Risk[] {
  return section.about('risks').flatMap((part) => {
    const fields = readLabels(labelledText(part.blocks), riskLabels);
    const below = part.parents.length > 0 || part.depth > 2;
    const tables = tablesOf(part.blocks).flatMap((table) => tableRisks(section, part, table));
    const marked = tables.length === 0 && isMarked(section, part);
    const block = below && (isBlock(fields) || marked) && !areRisks(part.blocks);
    if (block) return [headingRisk(section, part, fields), ...tables];
    if (tables.length === 0 && looksLikeRisk(part) && !hasItemRisk(part)) {
      section.report('risk', 'The heading has none of the fields of a risk below it.', part);
      return [];
    }
    return [...itemRisks(section, part), ...tables];
  });
}

/** `#### Title` is where the template puts one risk; a third-level heading is one when it says so. */
const looksLikeRisk = (part: Part): boolean =>
  part.blocks.length > 0 && (part.depth >= 4 || (part.depth === 3 && /^(?:R\d+\b|Risk\b[^a-z]*:)/.test(part.title)));

/** One stray label in the prose of a category does not make it a risk. */
const isBlock = (fields: Fields): boolean =>
  fields.scenario !== undefined || fields.severity !== undefined || Object.keys(fields).length > 1;

/** `[High] Title` over a text; over risks it is what a category is called. */
const isMarked = (section: Section, part: Part): boolean =>
  splitMark(part.title).mark !== null &&
  part.blocks.length > 0 &&
  withSubparts(section.parts, part).length === 1 &&
  !hasItemRisk(part);

function headingRisk(section: Section, part: Part, fields: Fields): Risk {
  const category = part.parents.findLast((parent) => parent.depth > 2)?.title ?? null;
  return finishRisk(section, part, { ...readTitle(part.title, fields), category, form: 'block' });
}

function tableRisks(section: Section, part: Part, table: Table): Risk[] {
  const reading = readTable(table, columns);
  const named = reading.has('title') || reading.has('scenario') || reading.has('titleAndScenario');
  if (!named || !(reading.has('severity') || reading.has('mitigation') || reading.has('impact'))) {
    section.report('risk', 'The table has no columns for the risk and its severity or mitigation.', table);
    return [];
  }
  const category = part.depth > 2 ? part.title : null;
  return table.rows.map((row) => {
    const text = (field: keyof typeof columns): string | undefined => reading.text(row, field) ?? undefined;
    const fields = {
      scenario: text('scenario') ?? text('titleAndScenario'),
      severity: text('severity') ?? levelOnly(text('impact')),
      impact: text('impact'),
      affectedArea: text('affectedArea'),
      mitigation: text('mitigation'),
      residualRisk: text('residualRisk'),
    };
    const titled = readTitle(text('title') ?? text('titleAndScenario') ?? '', fields);
    return finishRisk(section, row, { ...titled, id: text('id') ?? titled.id, category, form: 'table' });
  });
}

/** An `Impact` cell that holds nothing but a level is the severity. */
const levelOnly = (impact: string | undefined): string | undefined =>
  impact !== undefined && /^\W*(?:critical|high|medium|low)\W*$/i.test(impact) ? impact : undefined;
