import { describe, expect, test } from 'vitest';
import { given, stateAfter } from '../../../test/support/given.js';
import { PublishRulePack, RetireRulePack } from '../../commands/rule-pack.commands.js';
import type { PackRuleField } from '../../commands/rule-pack.commands.js';
import type { RulePackPublished } from '../../events/rule-pack.events.js';
import type { RulePackFacts } from './pack-rules.decider.js';
import { rulePackDecider } from './rule-pack.decider.js';

const statementId = '8f4e33f3dc3e';
const facts: RulePackFacts = { statements: new Map([['AGENTS.md', new Set([statementId])]]) };
const cites: PackRuleField = {
  ...{ key: 'declared', source: { path: 'AGENTS.md', statementId } },
  ...{ severity: 'blocking', evaluator: 'attestation' },
};
const own: PackRuleField = { ...cites, key: 'own', source: undefined, statement: 'Every event is declared.' };
const body = { packKey: 'house', title: 'House rules', rules: [cites, own], reason: 'So that we build alike.' };

const published = (changes: Partial<typeof body> = {}) => {
  const [event] = given(rulePackDecider)
    .when(PublishRulePack, { ...body, ...changes }, facts)
    .events();
  if (event?.type !== 'compliance.pack.published') throw new Error('nothing was published');
  return event;
};

describe('a rule pack', () => {
  test('is published with all that was left out', () => {
    const { rules, added, version } = published().data;
    expect([version, added]).toEqual([1, ['declared', 'own']]);
    expect(rules[1]).toEqual({
      ...{ key: 'own', source: null, statement: 'Every event is declared.', severity: 'blocking' },
      ...{
        evaluator: 'attestation',
        check: null,
        owner: null,
        recommendation: null,
        mode: 'enforced',
        wrongAtMost: 10,
      },
      applies: { templates: [], labels: [], sections: [], paths: [], touches: [] },
    });
  });

  test('has the hash of what it says, and no other', () => {
    const hashOf = (changes: object) => published(changes).data.hash;
    const hashes = [
      hashOf({}),
      hashOf({ title: 'Other' }),
      hashOf({ rules: [own, cites] }),
      hashOf({ rules: [cites, { ...own, wrongAtMost: 5 }] }),
      hashOf({ rules: [cites, { ...own, mode: 'shadow' }] }),
      hashOf({ rules: [cites, { ...own, applies: { labels: ['a'] } }] }),
      hashOf({ rules: [cites, { ...own, applies: { templates: ['a'] } }] }),
      hashOf({ allowedIds: ['a.b.c'] }),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(hashOf({ reason: 'For another reason.' })).toBe(hashes[0]);
    expect(hashOf({ allowedIds: ['a.b.c', 'a.b.c'] })).toBe(hashes.at(-1));
  });

  test('says of a version which rules it adds, changes and removes', () => {
    const rules = [
      { ...own, severity: 'advisory' as const },
      { ...own, key: 'more' },
    ];
    const events = given(rulePackDecider, published())
      .when(PublishRulePack, { ...body, rules }, facts)
      .events();
    expect(events[0]?.data as RulePackPublished).toMatchObject({
      ...{ version: 2, added: ['more'], changed: ['own'], removed: ['declared'] },
    });
  });

  test('that says the same is none, even when a statement of it is gone; a new one needs them all', () => {
    const nothing: RulePackFacts = { statements: new Map() };
    given(rulePackDecider, published()).when(PublishRulePack, body, nothing).then();
    const other = { ...body, title: 'Other' };
    given(rulePackDecider, published()).when(PublishRulePack, other, nothing).refused('validation_failed');
    const retired = { type: 'compliance.pack.retired' as const, data: { packKey: 'house', reason: 'It is over.' } };
    given(rulePackDecider, published(), retired).when(PublishRulePack, body, nothing).refused('validation_failed');
    expect(stateAfter(rulePackDecider, [published(), retired])?.retiredAt).not.toBeNull();
  });

  test('ends once', () => {
    const ending = { packKey: 'house', reason: 'It is over.' };
    given(rulePackDecider).when(RetireRulePack, ending).refused('not_found');
    const retired = { type: 'compliance.pack.retired' as const, data: ending };
    given(rulePackDecider, published()).when(RetireRulePack, ending).then(retired);
    given(rulePackDecider, published(), retired).when(RetireRulePack, ending).then();
  });
});
