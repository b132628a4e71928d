import type { Risk } from './delivery-elements.view.js';
import { plainText, trimMarks } from './inline.js';
import { firstLabel, leadingLabel, readLabels } from './labels.js';
import { finishRisk, labelledText, riskLabels } from './risk-fields.js';
import type { Fields } from './risk-fields.js';
import { readTitle, splitMark } from './risk-marks.js';
import type { Section } from './section.js';
import { itemsOf } from './section.js';
import { joined } from './tree.js';
import type { Block, Item, Part } from './tree.js';

const called = /^\*\*Risks?\s*\(([^()*]{1,40})\)\s*[:.]?\*\*[\s:.—–-]*/i;
const level = /^(?:critical|severe|major|high(?:est)?|medium|moderate|minor|low(?:est)?)\b/i;
const boldTitle = /^\*\*([^*]+)\*\*[\s:.—–-]*/;

const arrow = '(?:→|⇒|[-=]>)\\s*';
const arrowToLabel = new RegExp(
  `${arrow}(?=(?:\\*\\*)?(?:${Object.values(riskLabels).flat().join('|')})(?:\\*\\*)?:)`,
  'gi',
);
const mitigatedBy = new RegExp(`${arrow}mitigated by\\s`, 'i');
const mitigationSentence = /(?<=[.;—–-]\s)(?:\*\*)?(?:Mitigations?|Mitigated(?: by)?)(?:\*\*)?:(?:\*\*)?(?=\s)/;

const marked = (item: Item) => splitMark(joined(item.lines).replace(/^\[risk\](?!\()[\s:]*/i, ''));

/** The severity in brackets that an item starts with. */
const markOf = (item: Item) => marked(item).mark;

/** The text of an item, without `[Risk]` and `[High]` before it; what an arrow leads to, and `Mitigation:`, start lines of it. */
const ownText = (item: Item): string =>
  marked(item)
    .rest.replace(arrowToLabel, '\n')
    .replace(mitigatedBy, '\nMitigation: ')
    .replace(mitigationSentence, '\nMitigation:');

const fieldsOf = (items: readonly Item[]): Fields =>
  readLabels(
    items
      .flatMap((item) => [ownText(item), labelledText(item.blocks)])
      .filter(Boolean)
      .join('\n'),
    riskLabels,
  );

/** The field an item starts with: `**Severity**: …`. */
const fieldOf = (item: Item): keyof Fields | undefined => leadingLabel(ownText(item), riskLabels);

/** Whether an item states a risk without a title: `**Risk**: …`, `**Scenario**: …`, `**Risk (high).** …`. */
const statesRisk = (item: Item): boolean => fieldOf(item) === 'scenario' || called.test(ownText(item));

/** Whether the parts of a heading's text are risks, and not the fields of the one risk that the heading names. */
export function areRisks(blocks: readonly Block[]): boolean {
  const items = itemsOf(blocks);
  const others = items.filter((item) => markOf(item) === null);
  if (others.length < items.length && !others.some(fieldOf) && !haveFields(blocks)) return true;
  const stated = items.filter(statesRisk).map((item) => /^\**[a-z ]*/i.exec(ownText(item))?.[0]);
  if (stated.length > new Set(stated).size) return true;
  if (stated.length > 0 || items.some(fieldOf) || haveFields(blocks)) return false;
  return items.some((item) => boldTitle.test(ownText(item)) && givesFields(item));
}

/** Whether paragraphs have fields of a risk: bullets beside them explain these. */
const haveFields = (blocks: readonly Block[]): boolean =>
  firstLabel(labelledText(blocks.filter((block) => block.kind === 'paragraph')), riskLabels) >= 0;

const givesFields = (item: Item): boolean => markOf(item) !== null || Object.keys(fieldsOf([item])).length > 0;

/** Whether any item below a heading is a risk. */
export const hasItemRisk = (part: Part): boolean =>
  itemsOf(part.blocks).some((item) => statesRisk(item) || (fieldOf(item) === undefined && givesFields(item)));

/** An item that gives a risk, with the items behind it that give more of its fields. */
type Stated = { item: Item; more: Item[] };

/** Risks in list items: `**Title**` with fields nested below it or in the same text, and `**Risk (high).** …`. */
export function itemRisks(section: Section, part: Part): Risk[] {
  const explain = haveFields(part.blocks);
  return withMore(itemsOf(part.blocks)).flatMap(({ item, more }) => {
    if (fieldOf(item) !== undefined && !statesRisk(item)) {
      section.report('risk', 'The bullet gives a field of a risk, and no risk is before it.', item);
      return [];
    }
    if (givesFields(item) || statesRisk(item)) return [itemRisk(section, part, { item, more })];
    const title = explain ? undefined : boldTitle.exec(ownText(item))?.[1];
    if (title !== undefined && !/\?\s*$/.test(title)) {
      section.report('risk', 'The bullet has a bold title and none of the fields of a risk.', item);
    }
    return [];
  });
}

/** A bullet that says what it is leaves its fields to the bullets behind it; one with a title holds its own. */
function withMore(items: readonly Item[]): Stated[] {
  const stated: Stated[] = [];
  for (const item of items) {
    const last = stated.at(-1);
    const field = fieldOf(item);
    if (last && field !== undefined && statesRisk(last.item) && !gives(last, field)) last.more.push(item);
    else stated.push({ item, more: [] });
  }
  return stated;
}

const gives = ({ item, more }: Stated, field: keyof Fields): boolean =>
  field === 'scenario' || fieldsOf([item, ...more])[field] !== undefined;

function itemRisk(section: Section, part: Part, { item, more }: Stated): Risk {
  const { title, ...lead } = leadOf(item);
  const fields = { ...lead, ...fieldsOf([item, ...more]) };
  const category = part.depth > 2 ? part.title : null;
  const range = { start: item.start, end: more.at(-1)?.end ?? item.end };
  const written = [markOf(item)?.written, title].filter((text) => text !== undefined).join(' ');
  return finishRisk(section, range, { ...readTitle(written, fields), category, form: 'block' });
}

/** What stands before the first label: the title, and behind one in bold the scenario. */
function leadOf(item: Item): { title: string } & Pick<Fields, 'scenario' | 'severity'> {
  const own = ownText(item);
  const bold = fieldOf(item) === undefined ? boldTitle.exec(own) : null;
  const rest = own.slice(bold?.[0].length ?? 0);
  const label = firstLabel(rest, riskLabels);
  const text = trimMarks(plainText(label < 0 ? rest : rest.slice(0, label)), ' —–-');
  if (!bold) return { title: text.replace(/[:.]$/, '') };
  const title = plainText(bold[1] ?? '').replace(/[:.]$/, '');
  const severity = called.exec(own)?.[1];
  return {
    title: severity !== undefined && level.test(severity) ? '' : title,
    ...(text !== '' && { scenario: text }),
    ...(severity !== undefined && level.test(severity) && { severity }),
  };
}
