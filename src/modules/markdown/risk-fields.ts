import type { Risk } from './delivery-elements.view.js';
import { severityLevels } from './delivery-elements.view.js';
import type { Range } from './positions.js';
import type { Section } from './section.js';
import { joined } from './tree.js';
import type { Block } from './tree.js';

/** The five fields of the template's risk block, and two more that authors add. */
export const riskLabels = {
  scenario: ['scenario', 'failure scenario', 'concrete failure scenario', 'risk', 'what can go wrong', 'description'],
  severity: ['severity', 'risk level', 'level'],
  impact: ['impact', 'consequence', 'effect'],
  affectedArea: ['affected area', 'affected areas', 'affected', 'area', 'affected surface', 'blast radius'],
  mitigation: ['mitigation', 'mitigations', 'mitigation strategy', 'mitigated', 'mitigated by'],
  residualRisk: ['residual risk', 'residual', 'residual risks', 'remaining risk'],
} as const;

export type Fields = Partial<Record<keyof typeof riskLabels, string>>;

export type RiskDraft = Pick<Risk, 'title' | 'category' | 'form'> & { id: string | null; fields: Fields };

/** A risk as it is given back; a severity of another level is kept, and reported. */
export function finishRisk(section: Section, range: Range, draft: RiskDraft): Risk {
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

/** `R1: Title`, `R1 — Title`, `Risk 2: Title`, `Risk: Title`. */
export function splitId(heading: string): { id: string | null; title: string } {
  const match = /^(R-?\d+|Risk \d+)\s*[:.—–-]\s*/i.exec(heading) ?? /^()Risk\s*[:—–-]\s*/i.exec(heading);
  if (!match) return { id: null, title: heading };
  return { id: match[1] === '' ? null : (match[1] ?? null), title: heading.slice(match[0].length) };
}

/** The text labels are read from: paragraphs and items with what is nested below them. */
export function labelledText(blocks: readonly Block[]): string {
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
