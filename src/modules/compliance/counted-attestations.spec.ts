import { describe, expect, test } from 'vitest';
import type { SpecAttestation } from './compliance-state.decider.js';
import type { AttestedSpec } from './counted-attestations.js';
import { countedAttestations } from './counted-attestations.js';

const attestation = (by: string, changes: Partial<SpecAttestation> = {}): SpecAttestation => ({
  attestationId: `by ${by}`,
  ruleId: 'house.one',
  position: 'compliant',
  reasonCode: null,
  sentence: 'I looked at it.',
  contentHash: 'content',
  covers: null,
  attestedBy: { id: by, kind: 'human', name: by },
  attestedAt: '2026-01-01T00:00:00.000Z',
  ...changes,
});
const spec: AttestedSpec = {
  contentHash: 'content',
  sectionsHash: (keys) => (keys.includes('gone') ? null : `sections ${keys.join()}`),
  writers: ['wendy'],
  belongs: (id) => id !== 'gone',
};
const counted = (...all: SpecAttestation[]) => countedAttestations(all, spec).map(({ by, position }) => [by, position]);

describe('An attestation', () => {
  test('counts on the content that it names', () => {
    expect(counted(attestation('ann'))).toEqual([['ann', 'compliant']]);
    expect(counted(attestation('ann', { contentHash: 'another' }))).toEqual([]);
  });

  test('of some sections outlives changes elsewhere', () => {
    const read = { covers: ['tldr'], contentHash: 'sections tldr' };
    expect(countedAttestations([attestation('ann', read)], spec)).toMatchObject([{ contentHash: 'content' }]);
    expect(counted(attestation('ann', { ...read, contentHash: 'sections before' }))).toEqual([]);
    expect(counted(attestation('ann', { covers: ['gone'], contentHash: 'sections gone' }))).toEqual([]);
  });

  test('for the spec does not count by somebody who has written on it since, and against it does', () => {
    expect(counted(attestation('wendy'))).toEqual([]);
    expect(counted(attestation('wendy', { position: 'not_applicable' }))).toEqual([]);
    expect(counted(attestation('wendy', { position: 'non_compliant' }))).toEqual([['wendy', 'non_compliant']]);
  });

  test('does not count by somebody who belongs to the organization no more', () => {
    expect(counted(attestation('gone'))).toEqual([]);
  });

  test('against the spec outweighs the others, before and after it; else the last one counts', () => {
    const against = attestation('ben', { position: 'non_compliant' });
    expect(counted(attestation('ann'), against)).toEqual([['ben', 'non_compliant']]);
    expect(counted(against, attestation('ann'))).toEqual([['ben', 'non_compliant']]);
    expect(counted(attestation('ann'), attestation('cat', { position: 'not_applicable' }))).toEqual([
      ['cat', 'not_applicable'],
    ]);
    expect(counted(against, attestation('ann', { ruleId: 'house.two' }))).toHaveLength(2);
  });
});
