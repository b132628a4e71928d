/** By the actor of the event: from here on nothing of the spec is erased or put away. */
export class HoldPlaced {
  readonly holdKey!: string;
  readonly reason!: string;
  readonly authentication!: { method: 'api_key'; keyId: string };
}

/** By the actor of the event, a human. */
export class HoldReleased {
  readonly holdKey!: string;
  readonly reason!: string;
  readonly authentication!: { method: 'api_key'; keyId: string };
}

/** Storage format: stored forever, changed only by adding. */
export const holdEvents = {
  'spec.hold.placed': HoldPlaced,
  'spec.hold.released': HoldReleased,
};
