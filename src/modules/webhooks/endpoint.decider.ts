import { bounds } from '../../commands/bounds.js';
import { Refusal } from '../../commands/refusals.js';
import type { EndpointFields } from '../../commands/webhook.commands.js';
import { webhookCommands } from '../../commands/webhook.commands.js';
import { isMeant } from '../../commands/webhook-parts.commands.js';
import { eventSchemas } from '../../events/event-schemas.js';
import type { EndpointSettings } from '../../events/webhook.events.js';
import { webhookEvents } from '../../events/webhook.events.js';
import type { Decider, EventContext } from '../event-store/decider.js';

/** A secret by its id; `expiresAt` is null for the newest. */
export type EndpointSecret = {
  secretId: string;
  signature: 'hmac' | 'ed25519';
  createdAt: string;
  expiresAt: string | null;
};

export type EndpointStatus = 'unverified' | 'active' | 'paused' | 'disabled';

export type Endpoint = {
  settings: EndpointSettings;
  status: EndpointStatus;
  verification: boolean;
  /** Whether the present address answered a challenge. */
  verified: boolean;
  /** The newest first. */
  secrets: readonly EndpointSecret[];
  /** Why it is not sent to; null where it is. */
  reason: string | null;
  failingSince: string | null;
  /** How often it was warned about since it last was resumed. */
  warned: number;
  createdAt: string;
  updatedAt: string;
};

/** `null` until the first event, `deleted` after the last. */
export type EndpointState = Endpoint | 'deleted' | null;

/** How many endpoints an organization has already; a creation is decided on it. */
export type CreationFacts = { endpoints: number };

/** More sign no message: whoever rotates faster gives up the oldest. */
const liveSecrets = 5;
const noFilter = { specIds: [], labels: [], templates: [], lifecycles: [] };
const anew = { reason: null, failingSince: null, warned: 0 };

export const endpointDecider: Decider<EndpointState, typeof webhookCommands, typeof webhookEvents> = {
  streamType: 'webhook_endpoint',
  commands: webhookCommands,
  events: webhookEvents,
  initial: null,
  bytes: (endpoint) => (isThere(endpoint) ? 2000 + 2 * JSON.stringify(endpoint.settings).length : 100),

  decide: {
    'webhook.endpoint.create': (state, command) => {
      if (state) throw new Refusal('already_exists', 'There is such an endpoint already.');
      const { url, eventTypes, signature = 'hmac', verification = false, secretId, facts } = command;
      if ((facts as CreationFacts).endpoints >= bounds.endpoints) {
        throw new Refusal('too_many_endpoints', `An organization has at most ${bounds.endpoints} endpoints.`);
      }
      mustMeanSomething(eventTypes);
      const settings = settingsOf(command, { url, eventTypes });
      return [{ type: 'webhook.endpoint.created', data: { settings, secretId, signature, verification } }];
    },
    'webhook.endpoint.change': (state, command) => {
      const { settings: before } = mustExist(state);
      const { url = before.url, eventTypes = before.eventTypes } = command;
      // What was asked for before may be a type that a later program told of.
      mustMeanSomething(command.eventTypes ?? []);
      const settings = settingsOf(command, { url, eventTypes }, before);
      const isSame = JSON.stringify(settings) === JSON.stringify(before);
      return isSame ? [] : [{ type: 'webhook.endpoint.changed', data: { settings } }];
    },
    'webhook.endpoint.verify': (state, { url }) => {
      const endpoint = mustExist(state);
      if (endpoint.settings.url !== url) throw new Refusal('challenge_failed', 'The address was changed meanwhile.');
      return endpoint.verified ? [] : [{ type: 'webhook.endpoint.verified', data: { url } }];
    },
    'webhook.endpoint.pause': (state, { reason = null }) =>
      mustExist(state).status === 'paused' ? [] : [{ type: 'webhook.endpoint.paused', data: { reason } }],
    'webhook.endpoint.resume': (state) =>
      ['paused', 'disabled'].includes(mustExist(state).status) ? [{ type: 'webhook.endpoint.resumed', data: {} }] : [],
    'webhook.endpoint.test': (state) => {
      mustExist(state);
      return [{ type: 'webhook.endpoint.tested', data: {} }];
    },
    'webhook.endpoint.rotate_secret': (state, command) => {
      const [newest] = mustExist(state).secrets;
      const { secretId, signature = newest?.signature ?? 'hmac', overlapSeconds = 86_400, caller } = command;
      const othersExpireAt = new Date(caller.now.getTime() + overlapSeconds * 1000).toISOString();
      return [{ type: 'webhook.endpoint.secret_rotated', data: { secretId, signature, othersExpireAt } }];
    },
    'webhook.endpoint.warn': (state, { stage, failingSince }) =>
      isThere(state) && state.status === 'active' && state.warned < stage
        ? [{ type: 'webhook.endpoint.warned', data: { stage, failingSince } }]
        : [],
    'webhook.endpoint.disable': (state, { reason, failingSince }) =>
      isThere(state) && state.status === 'active'
        ? [{ type: 'webhook.endpoint.disabled', data: { reason, failingSince } }]
        : [],
    'webhook.endpoint.delete': (state) => {
      mustExist(state);
      return [{ type: 'webhook.endpoint.deleted', data: {} }];
    },
  },

  evolve: {
    'webhook.endpoint.created': (_, { settings, secretId, signature, verification }, { at }) => ({
      settings,
      status: verification ? 'unverified' : 'active',
      verification,
      verified: false,
      secrets: [{ secretId, signature, createdAt: at, expiresAt: null }],
      ...anew,
      createdAt: at,
      updatedAt: at,
    }),
    'webhook.endpoint.changed': (state, { settings }, context) => {
      const isMoved = isThere(state) && state.settings.url !== settings.url;
      const mustVerify = isMoved && state.verification && state.status === 'active';
      return changed(state, context, {
        settings,
        ...(isMoved && { verified: false }),
        ...(mustVerify && { status: 'unverified' }),
      });
    },
    'webhook.endpoint.verified': (state, _, context) =>
      changed(state, context, {
        verified: true,
        ...(isThere(state) && state.status === 'unverified' && { status: 'active' }),
      }),
    'webhook.endpoint.paused': (state, { reason }, context) => changed(state, context, { status: 'paused', reason }),
    'webhook.endpoint.resumed': (state, _, context) =>
      changed(state, context, {
        status: isThere(state) && state.verification && !state.verified ? 'unverified' : 'active',
        ...anew,
      }),
    'webhook.endpoint.tested': (state) => state,
    'webhook.endpoint.secret_rotated': (state, { secretId, signature, othersExpireAt }, context) =>
      changed(state, context, {
        secrets: [
          { secretId, signature, createdAt: context.at, expiresAt: null },
          ...(isThere(state) ? state.secrets : [])
            .filter(({ expiresAt }) => expiresAt === null || expiresAt > context.at)
            .map((secret) => ({ ...secret, expiresAt: earlier(secret.expiresAt, othersExpireAt) })),
        ].slice(0, liveSecrets),
      }),
    'webhook.endpoint.warned': (state, { stage, failingSince }, context) =>
      changed(state, context, { warned: stage, failingSince }),
    'webhook.endpoint.disabled': (state, { reason, failingSince }, context) =>
      changed(state, context, { status: 'disabled', reason, failingSince }),
    'webhook.endpoint.deleted': () => 'deleted',
  },

  tag: (state, version) => (isThere(state) ? version : null),
  touches: () => true,
  receipt: (state, _, endpointId) => ({ endpointId, status: isThere(state) ? state.status : 'deleted' }),
};

/** Whether a state is that of an endpoint that exists. */
export const isThere = (state: EndpointState): state is Endpoint => state !== null && state !== 'deleted';

const earlier = (a: string | null, b: string): string => (a !== null && a < b ? a : b);

const changed = (state: EndpointState, { at }: EventContext, change: Partial<Endpoint>): EndpointState =>
  isThere(state) ? { ...state, ...change, updatedAt: at } : state;

function settingsOf(
  command: EndpointFields,
  { url, eventTypes }: Pick<EndpointSettings, 'url' | 'eventTypes'>,
  before?: EndpointSettings,
): EndpointSettings {
  const { filter, headers, headersId } = command;
  return {
    url,
    description: command.description === undefined ? (before?.description ?? null) : command.description,
    eventTypes,
    filter: filter ? { ...noFilter, ...filter } : (before?.filter ?? noFilter),
    payload: command.payload ?? before?.payload ?? 'thin',
    order: command.order ?? before?.order ?? 'per_spec',
    onExhausted: command.onExhausted ?? before?.onExhausted ?? 'halt',
    headers: headers
      ? headersId
        ? { id: headersId, names: headers.map(({ name }) => name) }
        : null
      : (before?.headers ?? null),
    timeoutSeconds: command.timeoutSeconds ?? before?.timeoutSeconds ?? 15,
    maxConcurrent: command.maxConcurrent ?? before?.maxConcurrent ?? 10,
    perSecond: command.perSecond === undefined ? (before?.perSecond ?? null) : command.perSecond,
  };
}

function mustExist(state: EndpointState): Endpoint {
  if (!isThere(state)) throw new Refusal('not_found', 'There is no such endpoint.');
  return state;
}

/** What no event is ever called would be waited for in vain. */
function mustMeanSomething(eventTypes: readonly string[]): void {
  const isKnown = (pattern: string) => eventSchemas.names.some((type) => isMeant(pattern, type));
  const at = eventTypes.findIndex((pattern) => !isKnown(pattern));
  if (at < 0) return;
  const message = `No type of event is called "${eventTypes[at]}"; GET /v1/event-types lists them.`;
  const errors = [{ pointer: `/eventTypes/${at}`, code: 'known', message }];
  throw new Refusal('validation_failed', message, { errors });
}
