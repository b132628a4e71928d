import { describe, expect, test } from 'vitest';
import { Subscriptions } from '../../src/modules/event-store/subscriptions.js';
import type { Team } from './reviews.js';
import { newTeam, SpecOf } from './reviews.js';
import type { Service } from './service.js';
import { readEvents, typesOf } from './specs.js';

/** Ways to come by an approval that the policy does not give. Each leaves the spec as far as it got. */
export type ReviewAttempts = Record<string, (spec: SpecOf, team: Team) => Promise<void>>;

/** A test for each attempt, which comes to no approval though the system had its time. */
export function expectNoApprovalBy(service: Service, attempts: ReviewAttempts): void {
  describe('no approval comes of it that', () => {
    test.concurrent.each(Object.entries(attempts))('%s', async (_, attempt) => {
      const team = await newTeam(await service.newOrganization());
      const spec = await SpecOf.inReview(team);
      await attempt(spec, team);
      // What the system makes of it comes a moment later.
      expect(await service.app.get(Subscriptions).catchUp('reviews', 30_000)).toBe(true);
      expect((await spec.read()).lifecycle).toBe('in_review');
      // Only what was approved before the attempt: the revision that the amendment is of.
      const types = typesOf(await readEvents(team.tenant, spec.specId));
      const amended = types.lastIndexOf('spec.lifecycle.amended');
      expect(types.slice(amended + 1)).not.toContain('spec.lifecycle.approved');
    });
  });
}

/** A policy of two votes. */
export const twoPeople = { requirements: [{ name: 'peers', from: { anyone: true }, count: 2 }] };

/** What nobody takes for the same text as before. */
export const normative = 'Everything MUST be deleted.\n';
