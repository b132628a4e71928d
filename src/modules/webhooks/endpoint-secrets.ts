import { Injectable } from '@nestjs/common';
import { newId } from '../../commands/ids.js';
import { Database } from '../event-store/database.js';
import { SecretBox } from '../event-store/secret-box.js';
import type { SignatureKind, SigningSecret } from './signature.js';

type Place = { organizationId: string; endpointId: string };
/** A secret as it stands in the database. */
export type SealedSecret = { organizationId: string; endpointId: string; secretId: string; sealed: Buffer };

const keep = {
  name: 'webhooks.keep-secret',
  text: `insert into specline.webhook_secret (organization_id, secret_id, endpoint_id, sealed) values ($1, $2, $3, $4)`,
};
const drop = {
  name: 'webhooks.drop-secrets',
  text: `delete from specline.webhook_secret where organization_id = $1 and secret_id = any ($2::uuid[])`,
};
const read = {
  name: 'webhooks.secrets',
  text: `select organization_id as "organizationId", endpoint_id as "endpointId", secret_id as "secretId", sealed
    from specline.webhook_secret where organization_id = $1 and endpoint_id = $2 and secret_id = any ($3::uuid[])`,
};

/** What a secret is sealed for: it opens for no other endpoint, and as nothing else. */
const purposeOf = ({ organizationId, endpointId, secretId }: Omit<SealedSecret, 'sealed'>): string =>
  `webhook/${organizationId}/${endpointId}/${secretId}`;

/** Secrets of endpoints and values of their headers: sealed at rest, and gone for good with the endpoint. */
@Injectable()
export class EndpointSecrets {
  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
  ) {}

  /** Keeps bytes. @returns the id by which events name them */
  async keep(place: Place, bytes: Buffer): Promise<string> {
    const secretId = newId();
    const sealed = this.box.seal(bytes, purposeOf({ ...place, secretId }));
    await this.database.query(place.organizationId, keep, [place.organizationId, secretId, place.endpointId, sealed]);
    return secretId;
  }

  /** What was kept for a command that came to nothing. */
  async drop({ organizationId }: Place, secretIds: readonly (string | null)[]): Promise<void> {
    await this.database.query(organizationId, drop, [organizationId, secretIds.filter((id) => id !== null)]);
  }

  /** Signing secrets, in the order in which they are named; those that are gone are left out. */
  async read(
    place: Place,
    wanted: readonly { secretId: string; signature: SignatureKind }[],
  ): Promise<(SigningSecret & { secretId: string })[]> {
    const found = await this.sealed(
      place,
      wanted.map(({ secretId }) => secretId),
    );
    return wanted.flatMap(({ secretId, signature: kind }) => {
      const secret = found.find((one) => one.secretId === secretId);
      return secret ? [{ secretId, kind, bytes: this.open(secret) }] : [];
    });
  }

  /** What is left of what an endpoint's events name, as it is kept. */
  sealed({ organizationId, endpointId }: Place, ids: readonly string[]): Promise<SealedSecret[]> {
    return this.database.query<SealedSecret>(organizationId, read, [organizationId, endpointId, ids]);
  }

  open(secret: SealedSecret): Buffer {
    return this.box.open(secret.sealed, purposeOf(secret));
  }
}
