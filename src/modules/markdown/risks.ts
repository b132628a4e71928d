import type { Risk } from './delivery-elements.view.js';
import { severityLevels } from './delivery-elements.view.js';
import { plainText } from './inline.js';
import { firstLabel, readLabels } from './labels.js';
import type { Range } from './positions.js';
import type { Section } from './section.js';
import { itemsOf, tablesOf } from './section.js';
import { readTable } from './tables.js';
import { joined } from './tree.js';
import type { Block, Item, Part, Row, Table } from './tree.js';

/** The five fields of the template's risk block, and two more that authors add. */
const labels = {
  scenario: ['scenario', 'failure scenario', 'concrete failure scenario', 'risk', 'what can go wrong', 'description'],
  severity: ['severity', 'risk level', 'level'],
  impact: ['impact', 'consequence', 'effect'],
  affectedArea: ['affected area', 'affected areas', 'affected', 'area', 'affected surface', 'blast radius'],
  mitigation: ['mitigation', 'mitigations', 'mitigation strategy'],
  residualRisk: ['residual risk', 'residual', 'residual risks', 'remaining risk'],
} as const;

const columns = {
  id: ['#', 'id', 'risk id', 'no'],
  titleAndScenario: ['risk / failure scenario', 'risk / scenario', 'risk scenario'],
  title: ['risk', 'risk title', 'title', 'name', 'concern', 'threat'],
  scenario: labels.scenario.filter((name) => name !== 'risk'),
  severity: [...labels.severity, 'sev'],
  impact: labels.impact,
  affectedArea: labels.affectedArea,
  mitigation: [...labels.mitigation, 'response', 'remediation', 'countermeasure'],
  residualRisk: labels.residualRisk,
} as const;

/** Risks of `Risks & Impact Review`: blocks with the five fields (under a heading or in a list item) and tables. */
export function readRisks(section: Section): Risk[] {
  return section.about('risks').flatMap((part) => {
    const fields = readLabels(labelledText(part.blocks), labels);
    const block = isBlock(fields) && !(part.parents.length === 0 && part.depth <= 2);
    const tables = tablesOf(part.blocks).flatMap((table) => tableRisks(section, part, table));
    if (block) return [headingRisk(section, part, fields), ...tables];
    const listed = itemsOf(part.blocks).flatMap((item) => itemRisk(section, part, item));
    if (listed.length + tables.length === 0 && looksLikeRisk(part)) {
      section.report('risk', 'The heading has none of the fields of a risk below it.', part);
    }
    return [...listed, ...tables];
  });
}

/** `#### Title` is where the template puts one risk; a third-level heading is one when it says so. */
const looksLikeRisk = (part: Part): boolean =>
  part.blocks.length > 0 && (part.depth >= 4 || (part.depth === 3 && /^(?:R\d+\b|Risk\b[^a-z]*:)/.test(part.title)));

/** One stray label in the prose of a category does not make it a risk. */
const isBlock = (fields: Fields): boolean =>
  fields.scenario !== undefined || fields.severity !== undefined || Object.keys(fields).length > 1;

type Fields = Partial<Record<keyof typeof labels, string>>;

function headingRisk(section: Section, part: Part, fields: Fields): Risk {
  const { id, title } = splitId(part.title);
  const category = part.parents.findLast((parent) => parent.depth > 2)?.title ?? null;
  return finish(section, part, { id, title, category, fields, form: 'block' });
}

/** A risk in one list item: `**Title**` with the fields as nested items, or with `Mitigation:` in the same text. */
function itemRisk(section: Section, part: Part, item: Item): Risk[] {
  const own = joined(item.lines);
  const fields = readLabels([own, labelledText(item.blocks)].filter(Boolean).join('\n'), labels);
  const inline = /(?:^|[.;—–-]\s+)(?:\*\*)?Mitigations?(?:\*\*)?:(?:\*\*)?\s+/.exec(own);
  if (Object.keys(fields).length === 0 && !inline) return [];
  const lead = /^\*\*([^*]+)\*\*[\s:.—–-]*/.exec(own);
  const leadEnd = lead?.[0].length ?? 0;
  const labelled = firstLabel(own.slice(leadEnd), labels);
  const end = Math.min(inline ? inline.index + 1 : own.length, labelled < 0 ? own.length : leadEnd + labelled);
  const { id, title } = splitId(plainText(lead ? (lead[1] ?? '') : own.slice(0, end)).replace(/[:.]$/, ''));
  const scenario = lead ? plainText(own.slice(leadEnd, end)) || undefined : undefined;
  const mitigation = inline ? plainText(own.slice(inline.index + inline[0].length)) : undefined;
  const category = part.depth > 2 ? part.title : null;
  return [finish(section, item, { id, title, category, fields: { scenario, mitigation, ...fields }, form: 'block' })];
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
    const { id, title } = splitId(text('title') ?? text('titleAndScenario') ?? '');
    return finish(section, row, { id: text('id') ?? id, title, category, fields, form: 'table' });
  });
}

type Draft = Pick<Risk, 'title' | 'category' | 'form'> & { id: string | null; fields: Fields };

function finish(section: Section, range: Range | Row, draft: Draft): Risk {
  const severity = draft.fields.severity ?? null;
  const severityLevel = severity === null ? null : levelOf(severity);
  if (severity !== null && severityLevel === null) {
    section.report('risk', 'The severity does not start with Critical, High, Medium or Low.', range);
  }
  return {
    id: draft.id,
    title: draft.title === '' ? null : draft.title,
    category: draft.category,
    scenario: draft.fields.scenario ?? null,
    severity,
    severityLevel,
    impact: draft.fields.impact ?? null,
    affectedArea: draft.fields.affectedArea ?? null,
    mitigation: draft.fields.mitigation ?? null,
    residualRisk: draft.fields.residualRisk ?? null,
    form: draft.form,
    position: section.place(range),
  };
}

/** The level a severity text starts with, after emoji and other marks; null when it is none of the four. */
export function levelOf(severity: string): Risk['severityLevel'] {
  const word = /^[^A-Za-z]*([A-Za-z]+)/.exec(severity)?.[1]?.toLowerCase();
  // The unfilled template names all four.
  if (/^[^A-Za-z]*critical\s*\/\s*high\s*\/\s*medium\s*\/\s*low/i.test(severity)) return null;
  return severityLevels.find((level) => level.toLowerCase() === word) ?? null;
}

/** An `Impact` cell that holds nothing but a level is the severity. */
const levelOnly = (impact: string | undefined): string | undefined =>
  impact !== undefined && /^\W*(?:critical|high|medium|low)\W*$/i.test(impact) ? impact : undefined;

/** `R1: Title`, `R1 — Title`, `Risk 2: Title`, `Risk: Title`. */
function splitId(heading: string): { id: string | null; title: string } {
  const match = /^(R-?\d+|Risk \d+)\s*[:.—–-]\s*/i.exec(heading) ?? /^()Risk\s*[:—–-]\s*/i.exec(heading);
  if (!match) return { id: null, title: heading };
  return { id: match[1] === '' ? null : (match[1] ?? null), title: heading.slice(match[0].length) };
}

/** The text labels are read from: paragraphs and items with what is nested below them. */
function labelledText(blocks: readonly Block[]): string {
  return blocks
    .flatMap((block) => {
      if (block.kind === 'paragraph') return [joined(block.lines)];
      if (block.kind === 'list') {
        return block.items.map((item) => [joined(item.lines), labelledText(item.blocks)].filter(Boolean).join('\n'));
      }
      return [];
    })
    .join('\n');
}
