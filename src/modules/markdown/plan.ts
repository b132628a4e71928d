import type { Phase, PhaseStep } from './delivery-elements.view.js';
import { plainText } from './inline.js';
import type { Section } from './section.js';
import { itemsOf, tablesOf, withSubparts } from './section.js';
import { readTable } from './tables.js';
import { joined } from './tree.js';
import type { Block, Part } from './tree.js';

const columns = { number: ['step', '#', 'no', 'task'], text: ['description', 'task', 'what', 'step', 'work'] } as const;

const phaseHeading =
  /^(?:\d[\d.]*[.)]?\s+)?(?:phase|stage|milestone|story|sprint|slice|iteration|workstream|wave|part|track|step)\s+(#?[A-Za-z]{0,2}[.-]?\d[\w.]*|[A-Z])\b[\s:.)—–-]*/i;
const notSteps =
  /^(?:test|testable|acceptance|exit|verif|done when|goal|note|out of scope|risk|files?\b|gate|depend|why)/i;
const otherHeading =
  /\b(?:test\w*|coverage|strategy|verification|validation|dependenc\w+|rollback|notes?|prerequisites?)\b/i;

/**
 * Phases of the implementation plan with their steps: headings like `Phase 1: Name`, other headings of the plan that
 * hold a list, and a plan that is one list. Lists that a label calls something else (tests, acceptance) are no steps.
 */
export function readPhases(section: Section): Phase[] {
  const parts = section.about('plan');
  return parts.flatMap((part) => {
    const above = part.parents.filter((parent) => parts.includes(parent));
    if (above.some(isPhase)) return [];
    const numbered = isPhase(part);
    const own = numbered ? withSubparts(parts, part) : [part];
    const outline = numbered ? [] : outlinedPhases(section, part);
    if (outline.length > 0) return outline;
    const steps = own.flatMap((sub) => [
      ...headingStep(section, part, sub),
      ...(sub !== part && isStep(sub) ? [] : stepsOf(section, sub.blocks)),
    ]);
    if (!numbered && (steps.length === 0 || otherHeading.test(part.title))) return [];
    const match = phaseHeading.exec(part.title);
    const title = (match ? part.title.slice(match[0].length) : part.title).trim();
    const range = { start: part.start, end: own.at(-1)?.end ?? part.end };
    return [{ title: title || part.title, number: match?.[1] ?? null, steps, position: section.place(range) }];
  });
}

/** A list whose items are all `Phase 1: name` is an outline of phases without their steps. */
function outlinedPhases(section: Section, part: Part): Phase[] {
  const items = itemsOf(part.blocks);
  const matches = items.flatMap((item) => {
    const text = plainText(joined(item.lines));
    const match = phaseHeading.exec(text);
    if (!match) return [];
    const title = text.slice(match[0].length) || text;
    return [{ title, number: match[1] ?? null, steps: [], position: section.place(item) }];
  });
  return matches.length === items.length ? matches : [];
}

const isPhase = (part: Part): boolean => phaseHeading.test(part.title);
const stepHeading = /^(?:step|task)\s+(\d+)\w?[\s:.)—–-]*/i;
const isStep = (part: Part): boolean => stepHeading.test(part.title);

/** A heading `Step 3 — name` below a phase is a step of it. */
function headingStep(section: Section, phase: Part, part: Part): PhaseStep[] {
  const match = part === phase ? null : stepHeading.exec(part.title);
  if (!match) return [];
  const text = part.title.slice(match[0].length) || part.title;
  return [{ number: Number(match[1]), text, done: null, position: section.place(part) }];
}

function stepsOf(section: Section, blocks: readonly Block[]): PhaseStep[] {
  let skipped = false;
  return blocks.flatMap((block) => {
    if (block.kind === 'paragraph') {
      skipped = notSteps.test(plainText(joined(block.lines)));
      return [];
    }
    const isSkipped = skipped;
    // A label is about the block below it.
    skipped = false;
    if (block.kind === 'list' && !isSkipped) {
      return block.items.flatMap((item) => {
        const text = plainText(joined(item.lines));
        return text === '' ? [] : [{ number: item.number, text, done: item.done, position: section.place(item) }];
      });
    }
    return block.kind === 'table' ? tablesOf([block]).flatMap((table) => tableSteps(section, table)) : [];
  });
}

function tableSteps(section: Section, table: Parameters<typeof readTable>[0]): PhaseStep[] {
  const { has, text } = readTable(table, columns);
  if (!has('number') || !has('text')) return [];
  return table.rows.flatMap((row) => {
    const description = text(row, 'text');
    const number = Number(text(row, 'number') ?? Number.NaN);
    if (description === null) return [];
    return [
      { number: Number.isInteger(number) ? number : null, text: description, done: null, position: section.place(row) },
    ];
  });
}
