import type { SpecAttestation } from './compliance-state.decider.js';
import type { Attestation } from './evaluation-input.js';

/** What an attestation is held against: the spec as it is, who wrote it, and who belongs to the organization. */
export type AttestedSpec = {
  contentHash: string;
  /** Of some sections, by their keys; null where one is not there. */
  sectionsHash: (keys: readonly string[]) => string | null;
  writers: readonly string[];
  belongs: (id: string) => boolean;
};

/**
 * The attestations that count for a spec as it is, one for each rule: on this content, by somebody who belongs to the
 * organization, and, where it speaks for the spec, by somebody who did not write it. Of several, one against the spec
 * outweighs the others, and else the last one counts.
 */
export function countedAttestations(all: readonly SpecAttestation[], spec: AttestedSpec): Attestation[] {
  const counted = new Map<string, Attestation>();
  for (const one of all) {
    const { ruleId, position, reasonCode, sentence, covers, attestedBy, attestedAt } = one;
    const present = covers === null ? spec.contentHash : spec.sectionsHash(covers);
    const isPartial = position !== 'non_compliant' && spec.writers.includes(attestedBy.id);
    if (present !== one.contentHash || isPartial || !spec.belongs(attestedBy.id)) continue;
    if (counted.get(ruleId)?.position === 'non_compliant') continue;
    const { contentHash } = spec;
    counted.set(ruleId, { ruleId, position, reasonCode, sentence, by: attestedBy.id, contentHash, at: attestedAt });
  }
  return [...counted.values()];
}
