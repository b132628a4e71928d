import type { DocumentReading } from './document-reading.js';
import type { EvaluationInput } from './evaluation-input.js';
import { matchesGlob } from './glob.js';
import type { Applicability, Touchable } from './rules.js';

const touches: Record<Touchable, (document: DocumentReading) => boolean> = {
  commands: ({ commands }) => commands.some(({ introduced }) => introduced),
  events: ({ events }) => events.some(({ introduced }) => introduced),
  routes: ({ contracts }) => contracts.length > 0,
  data_models: ({ models }) => models.some(({ name }) => name !== null),
  risks: ({ risks }) => risks.length > 0,
  ui: (document) => document.section('ui-ux')?.section.notApplicable === null,
  cache: ({ sections }) => sections.some(({ reading }) => reading.cacheMentions !== null),
};

/** Whether a rule is about the spec: every list that is not empty has one that fits. */
export function applies(rule: Applicability, { spec }: EvaluationInput, document: DocumentReading): boolean {
  const one = <Item>(list: readonly Item[], fits: (item: Item) => boolean) => list.length === 0 || list.some(fits);
  return (
    one(rule.templates, (template) => template === spec.template) &&
    one(rule.labels, (label) => spec.labels.includes(label)) &&
    one(rule.sections, (key) => document.section(key) !== undefined) &&
    one(rule.paths, (glob) => document.paths.some((path) => matchesGlob(glob, path))) &&
    one(rule.touches, (kind) => touches[kind](document))
  );
}
