import type { TemplateSection } from '../markdown/section-keys.js';
import type { Check, Gap, Subject } from './checks.js';
import { elementRef, headingsOf } from './checks.js';
import type { PlacedSection } from './document-reading.js';
import { isBareNothing } from './section-text.js';

export const sectionsRequired: Check = ({ document, input }) => {
  const required = input.template.sections.filter((section) => section.required);
  const gaps = required
    .filter(({ key }) => document.section(key) === undefined)
    .map(({ key, heading }): Gap => {
      const elements = [elementRef('section', key)];
      return { outcome: 'non_compliant', message: `The section "${heading}" is missing.`, elements, evidence: [] };
    });
  const there = required.flatMap(({ key }) => document.section(key) ?? []);
  return { looked: required.length, of: 'required sections', basis: headingsOf(document, there), gaps };
};

export const sectionsFilled: Check = ({ document, input }) => {
  const template = new Map(input.template.sections.map((section) => [section.key, section]));
  const phrases = placeholders(input.template.sections);
  const looked = document.applicable;
  const gaps = looked.flatMap((placed): Gap[] => {
    const wrong = unfilled(placed, template.get(placed.section.key), phrases);
    if (wrong === undefined) return [];
    const { position, message } = wrong;
    const evidence = position ? document.evidence(position) : document.sectionEvidence(placed);
    const elements = [elementRef('section', placed.section.key, placed.reading.hash)];
    return [{ outcome: 'non_compliant', message, elements, evidence: [evidence] }];
  });
  return { looked: looked.length, of: 'sections', basis: headingsOf(document, looked), gaps };
};

/** Phrases in brackets that authors of a template leave for others to fill in, in text and outside of code. */
function placeholders(sections: readonly TemplateSection[]): ReadonlySet<string> {
  const found = sections.flatMap(({ guidance }) => [...guidance.matchAll(/\[([^[\]\r\n]{2,200})\](?![([:])/g)]);
  return new Set(found.map((match) => match[1] ?? ''));
}

const linesOf = (text: string): string[] =>
  text
    .split(/\r\n?|\n/)
    .map((line) => line.trim())
    .filter(Boolean);

type Wrong = { message: string; position?: PlacedSection['reading']['phrases'][number]['position'] };

function unfilled(
  { section, reading }: PlacedSection,
  asked: TemplateSection | undefined,
  phrases: ReadonlySet<string>,
): Wrong | undefined {
  const named = `The section "${section.heading}"`;
  if (reading.blank && asked?.required === true) return { message: `${named} is empty.` };
  if (reading.undecided) return { message: `${named} is still to be written.` };
  if (asked?.required === true && reading.short !== null && isBareNothing(reading.short)) {
    return { message: `${named} says that there is nothing, and not why.` };
  }
  const guidance = new Set(linesOf(asked?.guidance ?? ''));
  if (asked?.required === true && guidance.size > 0 && linesOf(section.body).every((line) => guidance.has(line))) {
    return { message: `${named} holds only the guidance of the template.` };
  }
  const left = reading.phrases.find(({ text }) => phrases.has(text));
  if (left)
    return { message: `${named} has a placeholder of the template left: [${left.text}].`, position: left.position };
  const undecided = reading.headings.find((heading) => heading.undecided);
  return undecided && { message: `"${undecided.title}" is still to be written.`, position: undecided.position };
}

export const sectionsOrdered: Check = ({ document, input }) => {
  const places = new Map(
    input.template.sections.filter(({ required }) => required).map(({ key }, index) => [key, index]),
  );
  const present = document.sections.filter(({ section }) => places.has(section.key));
  if (present.length < 2) return { nothing: 'Fewer than two required sections are there.' };
  const kept = longestAscent(present.map(({ section }) => places.get(section.key) ?? 0));
  const gaps = present
    .filter((_placed, index) => !kept.has(index))
    .map((placed): Gap => {
      const elements = [elementRef('section', placed.section.key, placed.reading.hash)];
      const message = `The section "${placed.section.heading}" does not stand where the template has it.`;
      return { outcome: 'non_compliant', message, elements, evidence: [document.sectionEvidence(placed)] };
    });
  return { looked: present.length, of: 'required sections', basis: headingsOf(document, present), gaps };
};

/** The indexes of a longest ascending row of numbers: the fewest others have to move. */
function longestAscent(numbers: readonly number[]): Set<number> {
  const lengths: number[] = [];
  const before: number[] = [];
  let last = -1;
  for (const [index, number] of numbers.entries()) {
    let best = -1;
    for (let earlier = 0; earlier < index; earlier += 1) {
      if ((numbers[earlier] ?? 0) < number && (lengths[earlier] ?? 0) > (lengths[best] ?? 0)) best = earlier;
    }
    lengths.push((lengths[best] ?? 0) + 1);
    before.push(best);
    if ((lengths[index] ?? 0) > (lengths[last] ?? 0)) last = index;
  }
  const kept = new Set<number>();
  for (let index = last; index >= 0; index = before[index] ?? -1) kept.add(index);
  return kept;
}

export const headingLevels: Check = ({ document }: Subject) => {
  const gaps = document.sections.flatMap(({ section, reading }): Gap[] => {
    const skipping = reading.headings.find(
      ({ depth }, index) => index > 0 && depth > (reading.headings[index - 1]?.depth ?? depth) + 1,
    );
    if (!skipping) return [];
    const elements = [elementRef('section', section.key, reading.hash)];
    const message = `"${skipping.title}" is a heading of level ${skipping.depth} and skips one.`;
    return [{ outcome: 'non_compliant', message, elements, evidence: [document.evidence(skipping.position)] }];
  });
  return { looked: document.sections.length, of: 'sections', basis: headingsOf(document, document.sections), gaps };
};
