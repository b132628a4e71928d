import type { Risk } from '../markdown/delivery-elements.view.js';
import type { Check, Gap } from './checks.js';
import { basisOf, elementRef, gapAt, headingsOf } from './checks.js';
import type { DocumentReading, PlacedSection } from './document-reading.js';
import type { RiskFact } from './section-reading.js';

/** What a risk is called in findings and links: its number, its title, or its place. */
export const riskKey = (risk: Pick<Risk, 'id' | 'title'>, index: number): string =>
  [risk.id, risk.title]
    .filter((name) => name !== null)
    .join(': ')
    .slice(0, 200) || `risk ${index + 1}`;

const fields = [
  ['scenario', 'a scenario'],
  ['severityLevel', 'a severity out of Critical, High, Medium and Low'],
  ['affectedArea', 'an affected area'],
  ['mitigation', 'a mitigation'],
  ['residualRisk', 'a residual risk'],
] as const;

export const risksComplete: Check = ({ document }) => {
  const section = risksSection(document);
  if (document.risks.length === 0 && !section) return { nothing: 'The spec has no section of risks.' };
  const gaps = document.risks.flatMap((risk, index): Gap[] => {
    const lacking = fields.filter(([field]) => !saysSomething(risk[field])).map(([, name]) => name);
    if (lacking.length === 0) return [];
    const key = riskKey(risk, index);
    return [
      gapAt(document, elementRef('risk', key, risk.hash), risk.position, `"${key}" lacks ${lacking.join(', ')}.`),
    ];
  });
  return { looked: document.risks.length, of: 'risks', basis: basisOf(document, document.risks), gaps };
};

/** Labels with a placeholder or a dash behind them say nothing. */
const saysSomething = (text: string | null): boolean =>
  text !== null && !/^[\W_]{0,20}(?:tbd|todo|n\/?a)?[\W_]{0,20}$/i.test(text);

/** The five categories that the template asks to be answered, and the words that name each. */
const categories: readonly (readonly [key: string, name: string, words: RegExp])[] = [
  ['data-integrity-failures', 'Data Integrity Failures', /\bdata integrity\b/i],
  ['cascading-failures-side-effects', 'Cascading Failures & Side Effects', /\bcascading\b|\bside effects?\b/i],
  ['tenant-data-isolation-risks', 'Tenant & Data Isolation Risks', /\btenan(?:t|cy)\b|\bisolation\b/i],
  ['migration-deployment-risks', 'Migration & Deployment Risks', /\bmigrations?\b|\bdeployments?\b/i],
  ['operational-risks', 'Operational Risks', /\boperational\b/i],
];

export const riskCategories: Check = ({ document, input }) => {
  const section = risksSection(document);
  if (!section) return { nothing: 'The spec has no section of risks.' };
  const guidance = new Set(
    (input.template.sections.find(({ key }) => key === section.section.key)?.guidance ?? '')
      .split(/\r\n?|\n/)
      .map((line) => line.replace(/^\s*[-*+]\s+/, '').trim()),
  );
  const answered = [...answeredHeadings(section, guidance), ...namesIn(document.risks), ...section.reading.riskLeads];
  const gaps = categories
    .filter(([, , words]) => !answered.some((name) => words.test(name)))
    .map(([key, name]): Gap => {
      const elements = [elementRef('section', key)];
      const message = `No risk answers for the category "${name}".`;
      return { outcome: 'non_compliant', message, elements, evidence: [document.sectionEvidence(section)] };
    });
  return { looked: categories.length, of: 'categories', basis: headingsOf(document, [section]), gaps };
};

const risksSection = (document: DocumentReading): PlacedSection | undefined => {
  const section = document.section('risks-impact-review');
  return section?.section.notApplicable === null ? section : undefined;
};

/** Headings inside the section with text, or headings with text, below them; the template's own questions do not count. */
function answeredHeadings({ reading }: PlacedSection, guidance: ReadonlySet<string>): string[] {
  return reading.headings.flatMap(({ title, depth }, index) => {
    if (index === 0) return [];
    const next = reading.headings.findIndex((other, at) => at > index && other.depth <= depth);
    const own = reading.headings.slice(index, next < 0 ? undefined : next);
    return own.some(({ lines }) => lines.some((line) => !guidance.has(line))) ? [title] : [];
  });
}

const namesIn = (risks: readonly RiskFact[]): string[] =>
  risks.flatMap(({ title, category }) => [title, category].filter((name) => name !== null));
