import type { OnExhausted, Order } from '../commands/webhook.commands.js';

/** Which specs an endpoint hears of: each list that is not empty must hold what the spec is. */
export type EndpointFilter = { specIds: string[]; labels: string[]; templates: string[]; lifecycles: string[] };

/**
 * What an endpoint is told, and how. The values of its headers stand outside history, as its secrets do, so that they can
 * be destroyed: here are their names, and by which id they are found.
 */
export type EndpointSettings = {
  url: string;
  description: string | null;
  eventTypes: string[];
  filter: EndpointFilter;
  payload: 'thin' | 'full';
  order: Order;
  onExhausted: OnExhausted;
  headers: { id: string; names: string[] } | null;
  timeoutSeconds: number;
  maxConcurrent: number;
  perSecond: number | null;
};

/** The secret itself is in no event. */
export class EndpointCreated {
  readonly settings!: EndpointSettings;
  readonly secretId!: string;
  readonly signature!: 'hmac' | 'ed25519';
  /** Whether an address is used only after it answered a challenge. */
  readonly verification!: boolean;
}

/** All of the settings as they are from here on. */
export class EndpointChanged {
  readonly settings!: EndpointSettings;
}

/** The present address answered a challenge. */
export class EndpointVerified {
  readonly url!: string;
}

export class EndpointPaused {
  readonly reason!: string | null;
}

export class EndpointResumed {}

/** Something to send to this endpoint alone: it is delivered to it as any other event, whatever it listens to. */
export class EndpointTested {}

/** Earlier secrets sign too, until they expire. */
export class EndpointSecretRotated {
  readonly secretId!: string;
  readonly signature!: 'hmac' | 'ed25519';
  readonly othersExpireAt!: string;
}

/** Nothing has been delivered for a while; the second time it will soon be disabled. */
export class EndpointWarned {
  readonly stage!: 1 | 2;
  readonly failingSince!: string;
}

/** `failing`: nothing was delivered for days; `gone`: it answered 410; `halted`: the head of its order failed for good. */
export class EndpointDisabled {
  readonly reason!: 'failing' | 'gone' | 'halted';
  readonly failingSince!: string | null;
}

export class EndpointDeleted {}

/** Storage format: stored forever, changed only by adding. */
export const webhookEvents = {
  'webhook.endpoint.created': EndpointCreated,
  'webhook.endpoint.changed': EndpointChanged,
  'webhook.endpoint.verified': EndpointVerified,
  'webhook.endpoint.paused': EndpointPaused,
  'webhook.endpoint.resumed': EndpointResumed,
  'webhook.endpoint.tested': EndpointTested,
  'webhook.endpoint.secret_rotated': EndpointSecretRotated,
  'webhook.endpoint.warned': EndpointWarned,
  'webhook.endpoint.disabled': EndpointDisabled,
  'webhook.endpoint.deleted': EndpointDeleted,
};
