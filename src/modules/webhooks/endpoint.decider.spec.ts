import { describe, expect, test } from 'vitest';
import {
  ChangeEndpoint,
  CreateEndpoint,
  DeleteEndpoint,
  DisableEndpoint,
  PauseEndpoint,
  ResumeEndpoint,
  RotateSecret,
  VerifyEndpoint,
  WarnEndpoint,
} from '../../commands/webhook.commands.js';
import type { webhookEvents } from '../../events/webhook.events.js';
import { endpointSettings as settings } from '../../../test/support/endpoint-settings.js';
import { given, stateAfter } from '../../../test/support/given.js';
import type { EventOf } from '../event-store/decider.js';
import { endpointDecider } from './endpoint.decider.js';

type EndpointEvent = EventOf<typeof webhookEvents>;

const endpointId = 'stream';
const created = (verification = false): EndpointEvent => ({
  type: 'webhook.endpoint.created',
  data: { settings, secretId: 'first', signature: 'hmac', verification },
});
const paused: EndpointEvent = { type: 'webhook.endpoint.paused', data: { reason: null } };
const verified: EndpointEvent = { type: 'webhook.endpoint.verified', data: { url: settings.url } };
const deleted: EndpointEvent = { type: 'webhook.endpoint.deleted', data: {} };
const disabled: EndpointEvent = { type: 'webhook.endpoint.disabled', data: { reason: 'gone', failingSince: null } };
const rotated = (secretId: string, othersExpireAt: string): EndpointEvent => ({
  type: 'webhook.endpoint.secret_rotated',
  data: { secretId, signature: 'hmac', othersExpireAt },
});
const stateOf = (...history: EndpointEvent[]) => stateAfter(endpointDecider, history);

describe('an endpoint', () => {
  test('is created with what is usual', () => {
    given(endpointDecider)
      .when(CreateEndpoint, { endpointId, url: settings.url, eventTypes: ['*'], secretId: 'first' })
      .then(created());
  });

  test('is created unless there are as many as there may be', () => {
    const command = { endpointId, url: settings.url, eventTypes: ['*'], secretId: 'first' };
    given(endpointDecider).when(CreateEndpoint, command, { endpoints: 99 }).then(created());
    given(endpointDecider).when(CreateEndpoint, command, { endpoints: 100 }).refused('too_many_endpoints');
  });

  test('is created once', () => {
    const again = { endpointId, url: settings.url, eventTypes: ['*'] };
    given(endpointDecider, created()).when(CreateEndpoint, again).refused('already_exists');
    given(endpointDecider, created(), deleted).when(CreateEndpoint, again).refused('already_exists');
  });

  test('is changed in what is named; a change of nothing is none', () => {
    given(endpointDecider, created())
      .when(ChangeEndpoint, { endpointId, perSecond: 5, filter: { labels: ['a'] } })
      .then({
        type: 'webhook.endpoint.changed',
        data: { settings: { ...settings, perSecond: 5, filter: { ...settings.filter, labels: ['a'] } } },
      });
    given(endpointDecider, created()).when(ChangeEndpoint, { endpointId, order: 'per_spec' }).then();
  });

  test('is not there any more once it is deleted', () => {
    for (const command of [ChangeEndpoint, PauseEndpoint, ResumeEndpoint, RotateSecret, DeleteEndpoint]) {
      given(endpointDecider, created(), deleted).when(command, { endpointId }).refused('not_found');
    }
  });

  test('is paused and resumed once', () => {
    given(endpointDecider, created()).when(PauseEndpoint, { endpointId }).then(paused);
    given(endpointDecider, created(), paused).when(PauseEndpoint, { endpointId }).then();
    given(endpointDecider, created()).when(ResumeEndpoint, { endpointId }).then();
    given(endpointDecider, created(), disabled)
      .when(ResumeEndpoint, { endpointId })
      .then({ type: 'webhook.endpoint.resumed', data: {} });
  });
});

describe('an address that must be verified', () => {
  test('is used only once it is, and another one not before that is', () => {
    const moved: EndpointEvent = {
      type: 'webhook.endpoint.changed',
      data: { settings: { ...settings, url: 'https://elsewhere.example.com/' } },
    };
    expect(stateOf(created(true))).toMatchObject({ status: 'unverified' });
    expect(stateOf(created(true), verified)).toMatchObject({ status: 'active' });
    expect(stateOf(created(true), verified, moved)).toMatchObject({ status: 'unverified', verified: false });
    expect(stateOf(created(false), verified, moved)).toMatchObject({ status: 'active' });
    given(endpointDecider, created(true), moved)
      .when(VerifyEndpoint, { endpointId, url: settings.url })
      .refused('challenge_failed');
  });

  test('is not verified by a pause and its end', () => {
    const resumed: EndpointEvent = { type: 'webhook.endpoint.resumed', data: {} };
    expect(stateOf(created(true), paused, verified)).toMatchObject({ status: 'paused', verified: true });
    expect(stateOf(created(true), paused, resumed)).toMatchObject({ status: 'unverified' });
  });
});

describe('secrets', () => {
  test('sign until they expire; a rotation shortens a life and never lengthens it', () => {
    given(endpointDecider, created())
      .when(RotateSecret, { endpointId, secretId: 'second', overlapSeconds: 60 })
      .then(rotated('second', '2026-01-02T03:05:05.000Z'));
    const state = stateOf(
      created(),
      rotated('second', '2026-02-01T00:00:00.000Z'),
      rotated('third', '2026-03-01T00:00:00.000Z'),
    );
    expect(state).toMatchObject({
      secrets: [
        { secretId: 'third', expiresAt: null },
        { secretId: 'second', expiresAt: '2026-03-01T00:00:00.000Z' },
        { secretId: 'first', expiresAt: '2026-02-01T00:00:00.000Z' },
      ],
    });
  });

  test('are five at most', () => {
    const many = ['b', 'c', 'd', 'e', 'f', 'g'].map((id) => rotated(id, '2026-02-01T00:00:00.000Z'));
    const state = stateOf(created(), ...many) as { secrets: readonly { secretId: string }[] };
    expect(state.secrets.map(({ secretId }) => secretId)).toEqual(['g', 'f', 'e', 'd', 'c']);
  });
});

describe('what deliveries come to', () => {
  const failingSince = '2026-01-01T00:00:00.000Z';

  test('is told once, of an endpoint that is sent to', () => {
    const warned: EndpointEvent = { type: 'webhook.endpoint.warned', data: { stage: 1, failingSince } };
    given(endpointDecider, created()).when(WarnEndpoint, { endpointId, stage: 1, failingSince }).then(warned);
    given(endpointDecider, created(), warned).when(WarnEndpoint, { endpointId, stage: 1, failingSince }).then();
    given(endpointDecider, created())
      .when(DisableEndpoint, { endpointId, reason: 'gone', failingSince: null })
      .then(disabled);
    for (const history of [[created(), disabled], [created(), paused], [created(), deleted], []]) {
      given(endpointDecider, ...history)
        .when(DisableEndpoint, { endpointId, reason: 'gone', failingSince: null })
        .then();
    }
  });
});
