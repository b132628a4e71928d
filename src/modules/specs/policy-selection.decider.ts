import type { PolicyScope, ReviewPolicy, Severity } from '../../commands/review-policy.js';
import { defaultPolicy, severities } from '../../commands/review-policy.js';
import { fitting } from './section-owners.decider.js';

/** What policies choose specs by. */
export type PolicyTraits = {
  template: string;
  labels: readonly string[];
  /** The keys of its sections. */
  sections: readonly string[];
  /** How bad the risks are that its document names. */
  severities: readonly Severity[];
};

/** The policy that judges a spec: of those that apply the first one, or the built-in one. @param policies in their order */
export const selectPolicy = (policies: readonly ReviewPolicy[], traits: PolicyTraits): ReviewPolicy =>
  policies.find(({ applies }) => appliesTo(applies, traits)) ?? defaultPolicy;

/** Whether the document's risks have to be read to choose among these. */
export const asksForRisks = (policies: readonly ReviewPolicy[]): boolean =>
  policies.some(({ applies }) => applies.minimumSeverity !== null);

function appliesTo({ templates, labels, sections, minimumSeverity }: PolicyScope, traits: PolicyTraits): boolean {
  const badEnough = severities.slice(0, severities.findIndex((one) => one === minimumSeverity) + 1);
  return (
    (templates.length === 0 || templates.includes(traits.template)) &&
    (labels.length === 0 || traits.labels.some((label) => labels.includes(label))) &&
    (sections.length === 0 || fitting(traits.sections, sections).length > 0) &&
    (minimumSeverity === null || traits.severities.some((one) => badEnough.includes(one)))
  );
}
