/** Pure: takes the payload as one schema version stored it, and gives another object that says the same in the next version. */
export type Upcaster = (payload: never) => object;

/** By the event's wire name, then by the schema version that is read. */
export type Upcasters = Readonly<Record<string, Readonly<Record<number, Upcaster>>>>;

/** What the program knows of its earlier ways to write events down. History itself is never rewritten. */
export const upcasters: Upcasters = {
  'organization.api_key.issued': { 1: (payload: object) => ({ ...payload, memberId: null }) },
  // What rules do not say is decided when they judge: `complianceVerdict` stays away.
  'review.policy.proposed': { 1: (payload: object) => ({ ...payload }) },
  'review.policy.published': { 1: (payload: object) => ({ ...payload }) },
};
