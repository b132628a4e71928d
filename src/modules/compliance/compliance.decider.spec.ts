import { describe, expect, test } from 'vitest';
import {
  AttestRule,
  ConfirmLink,
  IssueComplianceReport,
  WithdrawAttestation,
  WithdrawLink,
} from '../../commands/spec-compliance.commands.js';
import type { specComplianceEvents } from '../../events/spec-compliance.events.js';
import type { EventOf } from '../event-store/decider.js';
import { given, stateAfter } from '../../../test/support/given.js';
import type { AttestingFacts, EvaluatedFacts } from './compliance.decider.js';
import { complianceDecider } from './compliance.decider.js';

type Event = EventOf<typeof specComplianceEvents>;

const specId = 's';
const route = { kind: 'route' as const, key: 'POST /api/searches', hash: 'r1' };
const command = { kind: 'command' as const, key: 'catalog.search.keep', hash: 'c1' };
const elements = [route, command, { ...route, kind: 'risk', key: 'Loss', hash: 'k1' }];
const link = {
  specId,
  linkId: 'l1',
  kind: 'route_command' as const,
  element: route,
  counterpart: command,
  reason: null,
};
const linked: Event = { type: 'compliance.link.confirmed', data: link };
const counts = { compliant: 1, non_compliant: 0, not_applicable: 0, not_linked: 0, needs_attestation: 0, waived: 0 };
const evaluated: EvaluatedFacts = {
  specVersion: 7,
  verdict: 'compliant',
  contentHash: 'content',
  subjectHash: 'subject',
  packHash: 'pack',
  rulings: 0,
  waiverIds: [],
  ruledBy: [],
  filesReviewed: [],
  counts: { ...counts, blocking: 0, contradicted: 0 },
  rows: [],
  consistency: [],
};
const issue = (facts: EvaluatedFacts, ...history: Event[]) =>
  given(complianceDecider, ...history)
    .when(IssueComplianceReport, { specId, reportId: 'p2' }, facts)
    .events();
const issued = (facts: EvaluatedFacts): Event[] => issue(facts);

describe('A report', () => {
  test('stands with its verdict, and says when that is another one', () => {
    const [report, change] = issue(evaluated);
    expect(report).toMatchObject({
      type: 'compliance.report.issued',
      data: { ...evaluated, reportId: 'p2', number: 1 },
    });
    expect(change).toEqual({
      type: 'compliance.verdict.changed',
      data: { specId, reportId: 'p2', before: null, verdict: 'compliant' },
    });
    const worse = { ...evaluated, verdict: 'non_compliant' as const };
    expect(issue(worse, ...issued(evaluated)).map(({ type }) => type)).toEqual([
      'compliance.report.issued',
      'compliance.verdict.changed',
    ]);
    expect(issue({ ...evaluated, packHash: 'other' }, ...issued(evaluated))).toMatchObject([
      { type: 'compliance.report.issued', data: { number: 2 } },
    ]);
  });

  test('is no other one where it says the same, of whichever version of the spec', () => {
    expect(issue({ ...evaluated, specVersion: 9 }, ...issued(evaluated))).toEqual([]);
    // Members in another order are the same.
    const reordered = Object.fromEntries(Object.entries(evaluated).reverse()) as unknown as EvaluatedFacts;
    expect(issue(reordered, ...issued(evaluated))).toEqual([]);
  });

  test.each(['contentHash', 'subjectHash', 'packHash', 'rulings', 'waiverIds', 'ruledBy', 'rows'] as const)(
    'is another one where it rests on another %s',
    (member) => {
      const other = { ...evaluated, [member]: member === 'rulings' ? 3 : ['other'] };
      expect(issue(other, ...issued(evaluated))).toHaveLength(1);
    },
  );
});

describe('A link', () => {
  const confirm = (fields: Partial<ConfirmLink>, ...history: Event[]) =>
    given(complianceDecider, ...history).when(ConfirmLink, { ...link, linkId: 'l2', ...fields }, { elements });

  test('is between what was read', () => {
    confirm({}).then({ type: 'compliance.link.confirmed', data: { ...link, linkId: 'l2' } });
    confirm({ element: { ...route, hash: 'r0' } }).refused('content_changed');
    confirm({ counterpart: { ...command, hash: 'c0' } }).refused('content_changed');
    confirm({ element: { ...route, key: 'GET /api/searches' } }).refused('validation_failed');
  });

  test.each([
    ['a counterpart that is missing', { counterpart: null }],
    ['an element of another kind', { element: command }],
    ['a counterpart of another kind', { counterpart: route }],
    ['an extension without a reason', { kind: 'extension' as const, counterpart: null }],
    ['an extension with a counterpart', { kind: 'extension' as const, reason: 'It is there since 2024.' }],
  ])('does not have %s', (_, fields) => {
    confirm(fields).refused('validation_failed');
  });

  test('takes the place of the same one, and changes nothing where its texts are the same', () => {
    confirm({}, linked).then();
    const older: Event = { type: 'compliance.link.confirmed', data: { ...link, element: { ...route, hash: 'r0' } } };
    confirm({}, older).then({ type: 'compliance.link.confirmed', data: { ...link, linkId: 'l2' } });
    const renewed: Event = { type: 'compliance.link.confirmed', data: { ...link, linkId: 'l2' } };
    expect(stateAfter(complianceDecider, [older, renewed])?.links).toMatchObject([{ linkId: 'l2', element: route }]);
  });

  test('is taken back by its id', () => {
    const withdraw = (linkId: string) =>
      given(complianceDecider, linked).when(WithdrawLink, { specId, linkId }, { elements });
    withdraw('l1').then({ type: 'compliance.link.withdrawn', data: { specId, linkId: 'l1' } });
    withdraw('l2').refused('not_found');
  });
});

describe('An attestation', () => {
  const facts: AttestingFacts = {
    isAttestable: true,
    contentHash: 'content',
    writers: ['wendy'],
    ruler: { isHuman: true, belongs: true, hands: ['ann', 'root'] },
  };
  const said = {
    specId,
    attestationId: 'a1',
    ruleId: 'house.one',
    sentence: 'I looked at it.',
    contentHash: 'content',
  };
  const attest = (fields: Partial<AttestRule> = {}, changes: Partial<AttestingFacts> = {}) =>
    given(complianceDecider).when(AttestRule, { ...said, position: 'compliant', ...fields }, { ...facts, ...changes });

  test('names what was read, and the key that it came with', () => {
    attest({ sections: ['tldr'] }).then({
      type: 'compliance.rule.attested',
      data: {
        ...said,
        position: 'compliant',
        reasonCode: null,
        covers: ['tldr'],
        authentication: { method: 'api_key', keyId: 'ann' },
      },
    });
    attest({ contentHash: 'other' }).refused('content_changed');
    attest({ sections: ['nowhere'] }, { contentHash: null }).refused('validation_failed');
  });

  test('has a reason code with not_applicable, and only there', () => {
    attest({ position: 'not_applicable' }).refused('validation_failed');
    attest({ reasonCode: 'out_of_scope' }).refused('validation_failed');
    expect(attest({ position: 'not_applicable', reasonCode: 'out_of_scope' }).events()).toHaveLength(1);
  });

  test('is of a rule that only judgement decides', () => {
    attest({}, { isAttestable: false }).refused('validation_failed');
  });

  test.each([
    ['no human', { isHuman: false }],
    ['nobody of the organization', { belongs: false }],
    ['who wrote it', { hands: ['wendy'] }],
    ['a key that came from who wrote it', { hands: ['ann', 'wendy'] }],
  ])('for the spec is by %s: refused; against it, it is taken', (_, ruler) => {
    attest({}, { ruler: { ...facts.ruler, ...ruler } }).refused('not_permitted');
    const against = attest({ position: 'non_compliant' }, { ruler: { ...facts.ruler, ...ruler } });
    expect(against.events()).toHaveLength(1);
  });

  test('replaces what the same person said of the rule, and nobody else’s', () => {
    const data = { ...said, position: 'compliant' as const, reasonCode: null, covers: null };
    const attested = (attestationId: string, ruleId = 'house.one'): Event => ({
      type: 'compliance.rule.attested',
      data: { ...data, attestationId, ruleId, authentication: { method: 'api_key', keyId: 'ann' } },
    });
    const history = [attested('a1'), attested('a2', 'house.two'), attested('a3')];
    const state = stateAfter(complianceDecider, history);
    expect(state?.attestations.map(({ attestationId }) => attestationId)).toEqual(['a2', 'a3']);
    expect(state?.rulings).toBe(3);
    const withdraw = (attestationId: string) =>
      given(complianceDecider, ...history).when(WithdrawAttestation, { specId, attestationId });
    withdraw('a3').then({ type: 'compliance.attestation.withdrawn', data: { specId, attestationId: 'a3' } });
    withdraw('a1').refused('not_found');
  });
});
