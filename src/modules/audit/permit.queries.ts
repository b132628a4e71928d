import { Injectable } from '@nestjs/common';
import { newId } from '../../commands/ids.js';
import { Refusal } from '../../commands/refusals.js';
import { OverrideQueries } from '../specs/override.queries.js';
import { SpecPageQueries } from '../specs/spec-page.queries.js';
import { standingOf } from '../specs/spec-summary.queries.js';
import type { PermitClaims } from './permit.js';
import { signPermit } from './permit.js';
import type { PermitView } from './permit.view.js';
import { SigningKeys } from './signing-keys.js';

const inForceIn = ['approved', 'in_implementation', 'implemented'];

/** Signed statements that a revision is approved, for whoever is to build it and cannot ask at every step. */
@Injectable()
export class PermitQueries {
  constructor(
    private readonly specs: SpecPageQueries,
    private readonly overrides: OverrideQueries,
    private readonly keys: SigningKeys,
  ) {}

  /**
   * @param seconds how long it is valid
   * @throws Refusal `not_approved` when no revision of the spec is in force, or an override carries it no longer
   */
  async permit(organizationId: string, specId: string, seconds = 300): Promise<PermitView> {
    const { row } = await this.specs.page(organizationId, specId);
    const { inForce } = standingOf(row);
    if (!inForce || !inForceIn.includes(inForce.lifecycle)) {
      throw new Refusal('not_approved', `The spec is ${row.lifecycle}, and no revision of it is in force.`);
    }
    const { revision, version, contentHash, lifecycle, approvedAt, policy, overrideId } = inForce;
    if (overrideId !== null) await this.mustCarry(organizationId, specId, overrideId);
    const iat = Math.floor(Date.now() / 1000);
    const about = {
      iss: 'specline',
      aud: organizationId,
      sub: row.specId,
      jti: newId(),
      iat,
      exp: iat + seconds,
    } as const;
    const { key, version: policyVersion, hash } = policy;
    const claims: PermitClaims = {
      ...about,
      number: row.number,
      ...{ revision, version, contentHash, lifecycle, approvedAt },
      policy: { key, version: policyVersion, hash },
      ...(overrideId !== null && { overrideId }),
    };
    const permit = await this.keys.withSigner((signer) => signPermit(claims, signer));
    return { permit, expiresAt: new Date(claims.exp * 1000).toISOString() };
  }

  /** What was approved past the policy is permitted for as long as the override that did it stands. */
  private async mustCarry(organizationId: string, specId: string, overrideId: string): Promise<void> {
    const { items } = await this.overrides.ofSpec(organizationId, specId);
    const standing = items.find((one) => one.overrideId === overrideId)?.standing;
    if (standing === 'upheld' || standing === 'waits_for_review') return;
    throw new Refusal('not_approved', 'It was approved by an override that has expired or was not upheld.', {
      overrideId,
    });
  }
}
