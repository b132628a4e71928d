import { describe, expect, test } from 'vitest';
import type { Caller } from '../../commands/command.js';
import { Refusal } from '../../commands/refusals.js';
import { ApproveWaiver, RequestWaiver, WithdrawWaiver } from '../../commands/waiver.commands.js';
import { caller, given, stateAfter } from '../../../test/support/given.js';
import type { waiverEvents } from '../../events/waiver.events.js';
import type { EventOf } from '../event-store/decider.js';
import { decide, wireNames } from '../event-store/decider.js';
import type { ApprovalFacts } from './waiver.decider.js';
import { waiverDecider, waiverStanding } from './waiver.decider.js';

type Event = EventOf<typeof waiverEvents>;

/** The tests' clock says 2026-01-02. */
const asked = {
  ruleId: 'house.one',
  specId: 's',
  owner: 'team',
  reason: 'It takes time.',
  compensatingControl: 'We look at it.',
  expiresAt: '2026-03-01T00:00:00.000Z',
};
const requested: Event = { type: 'compliance.waiver.requested', data: asked };
const about = { ruleId: asked.ruleId, specId: asked.specId };
const authentication = { method: 'api_key' as const, keyId: 'key of dan' };
const approved: Event = {
  type: 'compliance.waiver.approved',
  data: { ...about, expiresAt: asked.expiresAt, authentication },
};
const withdrawn: Event = { type: 'compliance.waiver.withdrawn', data: { ...about, reason: 'It is done.' } };

describe('A waiver', () => {
  const request = (fields: Partial<RequestWaiver> = {}, facts: object = {}) =>
    given(waiverDecider).when(
      RequestWaiver,
      { waiverId: 'w', ...asked, ...fields },
      { ruleExists: true, specExists: true, ...facts },
    );

  test('is asked for of a rule and a spec that are there, for a year at most', () => {
    request().then(requested);
    request({ expiresAt: '2026-03-01T01:00:00+01:00' }).then(requested);
    request({}, { ruleExists: false }).refused('validation_failed');
    request({}, { specExists: false }).refused('validation_failed');
    request({ expiresAt: '2026-01-02T03:04:05.000Z' }).refused('validation_failed');
    request({ expiresAt: '2027-01-05T00:00:00.000Z' }).refused('validation_failed');
  });

  /** Asked for by Ann; by default Dan approves, who is an administrator. */
  const approve = (
    changes: { by?: Partial<Caller>; ruler?: Partial<ApprovalFacts['ruler']>; writers?: string[] } = {},
    history: Event[] = [requested],
  ): Event[] | string => {
    const dan = { id: 'dan', kind: 'human' as const, name: 'Dan' };
    const by: Caller = { ...caller, actor: dan, keyId: 'key of dan', role: 'admin', ...changes.by };
    const ruler = { isHuman: true, belongs: true, hands: ['dan', 'root'], ...changes.ruler };
    const facts: ApprovalFacts = { ruler, writers: changes.writers ?? ['wendy'] };
    const command = Object.assign(new ApproveWaiver(), { waiverId: 'w', facts }).from(by);
    try {
      return decide(waiverDecider, wireNames(waiverDecider.commands), stateAfter(waiverDecider, history), command);
    } catch (error) {
      if (error instanceof Refusal) return error.code;
      throw error;
    }
  };

  test('is approved by an administrator who has nothing to do with it, once', () => {
    expect(approve()).toEqual([approved]);
    expect(approve({}, [requested, approved])).toEqual([]);
  });

  test.each([
    ['who is no administrator', { by: { role: 'writer' as const } }],
    ['who is no human', { ruler: { isHuman: false } }],
    ['who does not belong to the organization', { ruler: { belongs: false } }],
    ['who asked for it', { ruler: { hands: ['ann'] } }],
    ['whose key came from who asked for it', { ruler: { hands: ['dan', 'ann'] } }],
    ['who wrote the spec', { writers: ['dan'] }],
    ['whose key came from who wrote the spec', { writers: ['root'] }],
  ])('is not approved by somebody %s', (_, changes) => {
    expect(approve(changes)).toBe('not_permitted');
  });

  test('is approved neither when it has run out nor when it was withdrawn', () => {
    const later = { by: { now: new Date('2026-03-01T00:00:00.000Z') } };
    expect(approve(later)).toBe('guard_failed');
    expect(approve({}, [requested, withdrawn])).toBe('guard_failed');
    expect(approve()).toHaveLength(1);
  });

  test('is worth something from its approval until the clock says so', () => {
    const at = (time: string, ...history: Event[]) => {
      const state = stateAfter(waiverDecider, history);
      return state && waiverStanding(state, new Date(time));
    };
    expect(at('2026-02-28T23:59:59.999Z', requested)).toBe('requested');
    expect(at('2026-02-28T23:59:59.999Z', requested, approved)).toBe('approved');
    expect(at('2026-03-01T00:00:00.000Z', requested, approved)).toBe('expired');
    expect(at('2026-02-28T00:00:00.000Z', requested, approved, withdrawn)).toBe('withdrawn');
  });

  test('is withdrawn once', () => {
    const withdraw = (...history: Event[]) =>
      given(waiverDecider, ...history).when(WithdrawWaiver, { waiverId: 'w', reason: 'It is done.' });
    withdraw(requested, approved).then(withdrawn);
    withdraw(requested, withdrawn).then();
    withdraw().refused('not_found');
  });
});
