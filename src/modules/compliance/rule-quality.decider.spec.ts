import { describe, test } from 'vitest';
import { given } from '../../../test/support/given.js';
import { MarkFinding, ReviewRule } from '../../commands/rule-quality.commands.js';
import type { MarkFacts } from './rule-quality.decider.js';
import { ruleQualityDecider } from './rule-quality.decider.js';

const [ruleId, specId, reportId] = ['template.sections.required', 'spec-1', 'report-1'];
const reported = { reportId, isFinding: true, elements: new Set(['risks']) };
const facts: MarkFacts = { isRule: true, counts: true, reported };
const saying = { ruleKey: ruleId, specId, position: 'wrong', reason: 'It is there.' } as const;
const marked = (changes: object = {}) => ({
  type: 'compliance.finding.marked' as const,
  data: {
    ruleId,
    specId,
    element: 'risks',
    position: 'wrong' as const,
    reason: 'It is there.',
    counts: true,
    reportId,
    ...changes,
  },
});
const reviewed = { type: 'compliance.rule.reviewed' as const, data: { ruleId, reason: 'I looked at it.' } };

describe('a mark of a finding', () => {
  test('names the report that has it', () => {
    given(ruleQualityDecider)
      .when(MarkFinding, { ...saying, element: 'risks' }, facts)
      .then(marked());
    given(ruleQualityDecider)
      .when(MarkFinding, saying, facts)
      .then(marked({ element: null }));
  });

  test('says nothing again that somebody said already, unless the rule was reviewed since', () => {
    const again = { ...saying, element: 'risks' };
    given(ruleQualityDecider, marked()).when(MarkFinding, again, facts).then();
    given(ruleQualityDecider, marked(), reviewed).when(MarkFinding, again, facts).then(marked());
    given(ruleQualityDecider, marked({ position: 'right' }))
      .when(MarkFinding, again, facts)
      .then(marked());
  });

  test('is refused for a rule, a spec or a finding that there is not', () => {
    given(ruleQualityDecider)
      .when(MarkFinding, saying, { ...facts, isRule: false })
      .refused('not_found');
    given(ruleQualityDecider)
      .when(MarkFinding, saying, { ...facts, reported: null })
      .refused('not_found');
    const kept = { ...facts, reported: { ...reported, isFinding: false } };
    given(ruleQualityDecider).when(MarkFinding, saying, kept).refused('validation_failed');
    given(ruleQualityDecider)
      .when(MarkFinding, { ...saying, element: 'tldr' }, facts)
      .refused('validation_failed');
  });
});

describe('a review of a rule', () => {
  const looked = { ruleKey: ruleId, reason: 'I looked at it.' };

  test('settles the marks so far, and there must be some', () => {
    given(ruleQualityDecider, marked()).when(ReviewRule, looked, facts).then(reviewed);
    given(ruleQualityDecider).when(ReviewRule, looked, facts).refused('not_found');
    given(ruleQualityDecider, marked(), reviewed).when(ReviewRule, looked, facts).then();
  });
});
