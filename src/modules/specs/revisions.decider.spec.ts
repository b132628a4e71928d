import { describe, expect, test } from 'vitest';
import type { lifecycleEvents } from '../../events/lifecycle.events.js';
import type { EventOf } from '../event-store/decider.js';
import type { LifecycleEvent } from './revisions.decider.js';
import { revisionsOf } from './revisions.decider.js';

const policy = { key: 'default', version: 1, hash: 'ab'.repeat(32) };
const reason = 'It is time.';
type Told = EventOf<typeof lifecycleEvents>;

const history = (...told: Told[]): LifecycleEvent[] =>
  told.map((one, at) => ({ ...one, version: at + 2, at: `2026-11-23T12:00:0${at}.000Z` }));
const submitted = (revision: number): Told => ({
  type: 'spec.lifecycle.submitted',
  data: { revision, contentHash: 'h', reason: null },
});
const approved = (revision: number): Told => ({
  type: 'spec.lifecycle.approved',
  data: { revision, contentHash: `h${revision}`, policy, voteIds: [], overrideId: null },
});
const amended = (revision: number, inForce: number): Told => ({
  type: 'spec.lifecycle.amended',
  data: { revision, inForce, reason },
});
const standings = (...told: Told[]) => revisionsOf(history(...told)).map(({ standing }) => standing);

describe('The revisions of a spec', () => {
  test('begin with the first, before anything happened', () => {
    expect(revisionsOf([])).toEqual([
      {
        revision: 1,
        standing: 'draft',
        version: null,
        contentHash: null,
        submittedAt: null,
        approvedAt: null,
      },
    ]);
  });

  test('are replaced by the next that is approved, and not before', () => {
    const first = [submitted(1), approved(1)];
    expect(standings(...first, amended(2, 1))).toEqual(['approved', 'draft']);
    expect(standings(...first, amended(2, 1), submitted(2))).toEqual(['approved', 'in_review']);
    expect(standings(...first, amended(2, 1), submitted(2), approved(2))).toEqual(['replaced', 'approved']);
    expect(revisionsOf(history(...first))[0]).toMatchObject({ version: 3, contentHash: 'h1', policy });
  });

  test('go on where they stood when an amendment comes to nothing', () => {
    const withdrawn: Told = { type: 'spec.lifecycle.withdrawn', data: { revision: 2, reason, backTo: 'approved' } };
    const started: Told = { type: 'spec.lifecycle.started', data: { revision: 1, reason: null } };
    const told = [submitted(1), approved(1), amended(2, 1), withdrawn, started];
    expect(standings(...told)).toEqual(['in_implementation', 'withdrawn']);
    expect(standings(...told, amended(3, 1), submitted(3), approved(3))).toEqual(['replaced', 'withdrawn', 'approved']);
  });

  test('stand again as drafts when they are returned or taken up again', () => {
    const rejected: Told = { type: 'spec.lifecycle.rejected', data: { revision: 1, reason, backTo: null } };
    expect(standings(submitted(1), { type: 'spec.lifecycle.returned', data: { reason } })).toEqual(['draft']);
    expect(standings(submitted(1), rejected)).toEqual(['rejected']);
    expect(standings(submitted(1), rejected, { type: 'spec.lifecycle.reopened', data: { reason } })).toEqual(['draft']);
  });
});
