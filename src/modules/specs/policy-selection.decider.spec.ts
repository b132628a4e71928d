import { describe, expect, test } from 'vitest';
import { policyOf, requirement } from '../../../test/support/judged-review.js';
import type { PolicyScope } from '../../commands/review-policy.js';
import type { PolicyTraits } from './policy-selection.decider.js';
import { asksForRisks, selectPolicy } from './policy-selection.decider.js';

const policy = (key: string, applies: Partial<PolicyScope>) =>
  policyOf([requirement()], {
    key,
    applies: { templates: [], labels: [], sections: [], minimumSeverity: null, ...applies },
  });
const spec: PolicyTraits = {
  template: 'spec',
  labels: ['payments', 'search'],
  sections: ['introduction', 'security-review'],
  severities: ['Medium', 'High'],
};

describe('the policy of a spec', () => {
  test.each<[string, Partial<PolicyScope>, boolean]>([
    ['everything', {}, true],
    ['its template', { templates: ['rfc', 'spec'] }, true],
    ['other templates', { templates: ['rfc'] }, false],
    ['one of its labels', { labels: ['mobile', 'payments'] }, true],
    ['other labels', { labels: ['mobile'] }, false],
    ['a section it has', { sections: ['security-*'] }, true],
    ['a section it has not', { sections: ['privacy-*'] }, false],
    ['risks as bad as its worst', { minimumSeverity: 'High' }, true],
    ['risks less bad than its worst', { minimumSeverity: 'Low' }, true],
    ['worse risks than it has', { minimumSeverity: 'Critical' }, false],
    ['its template and other labels', { templates: ['spec'], labels: ['mobile'] }, false],
  ])('is one for %s: %s', (_, applies, isChosen) => {
    expect(selectPolicy([policy('one', applies)], spec).key).toBe(isChosen ? 'one' : 'default');
  });

  test('is the first that applies, and without any the built-in one', () => {
    const policies = [policy('mobile', { labels: ['mobile'] }), policy('spec', {}), policy('all', {})];
    expect(selectPolicy(policies, spec).key).toBe('spec');
    expect(selectPolicy([], spec).key).toBe('default');
  });

  test('takes the risks only where a policy asks for them', () => {
    expect(asksForRisks([policy('one', {}), policy('two', { minimumSeverity: 'Low' })])).toBe(true);
    expect(asksForRisks([policy('one', {})])).toBe(false);
  });
});
