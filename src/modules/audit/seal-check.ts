import type { Problem } from './verification-problem.js';
import type { Seal } from './seal.js';
import { sealHash } from './seal.js';
import { isSignedBy } from './signing.js';
import type { TrustedKeys } from './trusted-keys.js';

/** Who is believed, and whose history it is. */
export type Trust = { keys: TrustedKeys; organizationId: string };

/** What is wrong with a seal by itself. */
export function faultsOfSeal(seal: Seal, { keys, organizationId }: Trust): Problem[] {
  const { signature, ...statement } = seal;
  const fault = (check: Problem['check'], message: string): Problem => ({ check, message, seal: seal.number });
  const key = keys.find(seal.keyId);
  if (!key) return [fault('unknown_key', `it is signed by the key ${seal.keyId}, which is not one to be believed`)];
  const faults: Problem[] = [];
  if (!isSignedBy('specline-seal-v1', statement, signature, key)) {
    faults.push(fault('bad_signature', `the signature is not one of the key ${seal.keyId} over this seal`));
  }
  if (seal.organizationId !== organizationId) {
    faults.push(fault('wrong_organization', `it is a seal of the organization ${seal.organizationId}`));
  }
  return faults;
}

/** What is wrong with a seal behind another, or as the first one. */
export function faultsOfSuccession(seal: Seal, before: Seal | undefined, keys: TrustedKeys): Problem[] {
  const fault = (check: Problem['check'], message: string): Problem => ({ check, message, seal: seal.number });
  const expected = (before?.number ?? 0) + 1;
  if (seal.number > expected) {
    const missing =
      seal.number - 1 === expected ? `seal ${expected} is` : `seals ${expected} to ${seal.number - 1} are`;
    return [fault('missing_seal', `${missing} missing before it`)];
  }
  if (seal.number < expected) return [fault('forked_seal', `it stands behind seal ${expected - 1}`)];
  const faults: Problem[] = [];
  const previous = before ? sealHash(before) : '0'.repeat(64);
  if (seal.previous !== previous) {
    const is = before ? `seal ${before.number} has the hash ${previous}` : 'there is none before it';
    faults.push(fault('forked_seal', `it was made behind a seal with the hash ${seal.previous}, and ${is}`));
  }
  if (before && seal.sealedAt < before.sealedAt)
    faults.push(fault('wrong_time', 'it is older than the seal before it'));
  if (before && keys.isSuccessor(before.keyId, seal.keyId)) {
    faults.push(fault('retired_key', `the key ${seal.keyId} was replaced before this seal was made`));
  }
  return faults;
}
