import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Refusal } from '../../commands/refusals.js';
import type { SealedSecret } from './endpoint-secrets.js';
import { EndpointSecrets } from './endpoint-secrets.js';
import { EndpointQueries } from './endpoint.queries.js';
import type { Signable, SignatureKind } from './signature.js';
import { signatureHeaders, Signer } from './signature.js';

type Place = { organizationId: string; endpointId: string };
type Named = { secretId: string; signature: SignatureKind; expiresAt: string | null };

/** How long an opened secret stays in memory: one that was destroyed signs nothing beyond that. */
const openFor = 60_000;

/** The headers of messages: signed with every secret that is live, and the organization's own. */
@Injectable()
export class MessageSigning {
  private readonly signers = new LRUCache<string, Signer>({ max: 10_000, ttl: openFor });
  private readonly ownHeaders = new LRUCache<string, Record<string, string>>({ max: 10_000, ttl: openFor });

  constructor(
    private readonly secrets: EndpointSecrets,
    private readonly endpoints: EndpointQueries,
  ) {}

  /** Of a message to an endpoint as its read model has it. */
  async headersFor(place: Place, message: Signable): Promise<Record<string, string>> {
    const { secrets, settings } = await this.endpoints.stored(place.organizationId, place.endpointId);
    return this.headersWith(place, secrets, settings.headers?.id ?? null, message);
  }

  /**
   * Of a message to an endpoint that is known already.
   * @throws Refusal `not_found` when no secret of it is left
   */
  async headersWith(
    place: Place,
    secrets: readonly Named[],
    headersId: string | null,
    message: Signable,
  ): Promise<Record<string, string>> {
    // To the second, as the timestamp that is signed.
    const live = secrets.filter(
      ({ expiresAt }) => expiresAt === null || Math.floor(Date.parse(expiresAt) / 1000) > message.timestamp,
    );
    const unknown = live.some(({ secretId }) => !this.signers.has(secretId));
    if (unknown || (headersId !== null && !this.ownHeaders.has(headersId))) await this.load(place, live, headersId);
    const signers = live.flatMap(({ secretId }) => this.signers.get(secretId) ?? []);
    if (signers.length === 0) throw new Refusal('not_found', 'The endpoint has no secret any more.');
    return {
      ...(headersId !== null && this.ownHeaders.get(headersId)),
      'content-type': 'application/json; charset=utf-8',
      'accept-encoding': 'identity',
      'user-agent': 'Specline-Webhooks/1',
      ...signatureHeaders(message, signers),
    };
  }

  private async load(place: Place, live: readonly Named[], headersId: string | null): Promise<void> {
    const wanted = [...live.map(({ secretId }) => secretId), ...(headersId === null ? [] : [headersId])];
    const found = await this.secrets.sealed(place, wanted);
    const opened = (id: string): Buffer | undefined => {
      const secret = found.find((one: SealedSecret) => one.secretId === id);
      return secret && this.secrets.open(secret);
    };
    for (const { secretId, signature: kind } of live) {
      const bytes = opened(secretId);
      if (bytes) this.signers.set(secretId, new Signer({ kind, bytes }));
    }
    const headers = headersId === null ? undefined : opened(headersId);
    if (headers && headersId !== null) {
      const own = JSON.parse(headers.toString()) as { name: string; value: string }[];
      this.ownHeaders.set(headersId, Object.fromEntries(own.map(({ name, value }) => [name.toLowerCase(), value])));
    }
  }
}
