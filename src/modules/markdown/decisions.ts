import type { Alternative, DesignDecision } from './elements.view.js';
import { plainText } from './inline.js';
import { readLabels } from './labels.js';
import type { Section } from './section.js';
import { itemsOf, tablesOf } from './section.js';
import { emptyAsNull, readTable } from './tables.js';
import type { Topic } from './topics.js';
import type { ElementPosition } from './position.view.js';
import type { Item, Part } from './tree.js';
import { joined } from './tree.js';

const decisionColumns = {
  decision: ['decision', 'choice'],
  resolution: ['resolution', 'choice', 'selected'],
  rationale: ['rationale', 'reason', 'why', 'notes'],
} as const;

const alternativeColumns = {
  alternative: ['alternative', 'option', 'approach', 'rejected alternative'],
  whyRejected: ['why rejected', 'reason', 'reason rejected', 'rejected because', 'why', 'why not', 'rationale'],
} as const;

/** Design decisions: the `Decision | Rationale` table of the template, or a list of `**Decision**: rationale`. */
export function readDesignDecisions(section: Section): DesignDecision[] {
  const found = readChoices(section, 'designDecisions', { rationale: ['rationale', 'why', 'reason'] });
  return section
    .about('designDecisions')
    .flatMap((part) => tablesOf(part.blocks))
    .flatMap((table) => {
      const { has, text } = readTable(table, decisionColumns);
      if (!has('decision')) {
        section.report('designDecision', 'The table has no column for the decision.', table);
        return [];
      }
      return table.rows.flatMap((row) => {
        const decision = [text(row, 'decision'), text(row, 'resolution')].filter((cell) => cell !== null).join(': ');
        return decision === '' ? [] : [{ decision, rationale: text(row, 'rationale'), position: section.place(row) }];
      });
    })
    .concat(found.map(({ name, reason, position }) => ({ decision: name, rationale: reason, position })));
}

/** Alternatives: the `Alternative | Why Rejected` table of the template, a list, or one heading for each. */
export function readAlternatives(section: Section): Alternative[] {
  const found = readChoices(section, 'alternatives', { rationale: ['why rejected', 'rejected', 'reason', 'cons'] });
  return section
    .about('alternatives')
    .flatMap((part) => tablesOf(part.blocks))
    .flatMap((table) => {
      const { has, text } = readTable(table, alternativeColumns);
      if (!has('alternative')) {
        section.report('alternative', 'The table has no column for the alternative.', table);
        return [];
      }
      return table.rows.flatMap((row) => {
        const alternative = text(row, 'alternative');
        return alternative === null
          ? []
          : [{ alternative, whyRejected: text(row, 'whyRejected'), position: section.place(row) }];
      });
    })
    .concat(found.map(({ name, reason, position }) => ({ alternative: name, whyRejected: reason, position })));
}

type Choice = { name: string; reason: string | null; position: ElementPosition };

/** Choices that are not in a table: list items under the topic's heading, and headings below it with their text. */
function readChoices(section: Section, topic: Topic, labels: { rationale: readonly string[] }): Choice[] {
  const parts = section.about(topic);
  return parts.flatMap((part) => {
    const below = part.parents.some((parent) => parts.includes(parent));
    if (below) return headingChoice(section, part, labels);
    return itemsOf(part.blocks).flatMap((item) => itemChoice(section, item));
  });
}

function headingChoice(section: Section, part: Part, labels: { rationale: readonly string[] }): Choice[] {
  const text = part.blocks
    .filter((block) => block.kind === 'paragraph' || block.kind === 'list')
    .flatMap((block) => (block.kind === 'list' ? block.items.map((item) => joined(item.lines)) : [joined(block.lines)]))
    .join('\n');
  const name = part.title.replace(/^(?:option |alternative )?(?:\d+|[A-Z]\d*)[.):]\s+/i, '');
  const reason = readLabels(text, labels).rationale ?? emptyAsNull(plainText(text));
  return name === '' ? [] : [{ name, reason, position: section.place(part) }];
}

function itemChoice(section: Section, item: Item): Choice[] {
  const source = joined(item.lines);
  const text = plainText(source);
  if (text === '' || /^(?:none|n\/a)\b/i.test(text)) return [];
  const lead = /^\*\*([^*]+)\*\*\s*(?:[:.—–-]\s*)?/.exec(source);
  const name = plainText(lead?.[1] ?? '').replace(/[:.]$/, '');
  if (!lead || name === '') return [{ name: text, reason: null, position: section.place(item) }];
  const reason = emptyAsNull(plainText(source.slice(lead[0].length)));
  return [{ name, reason, position: section.place(item) }];
}
