import { Injectable } from '@nestjs/common';
import { Refusal } from '../../commands/refusals.js';
import { Database } from '../event-store/database.js';
import { Cursors } from '../http/cursors.js';
import { EndpointSecrets } from './endpoint-secrets.js';
import type { EndpointRow } from './endpoint.projection.js';
import type {
  EndpointKeySet,
  EndpointList,
  EndpointListQuery,
  EndpointView,
  ShownSecretList,
} from './endpoint.view.js';
import { publicJwk, verificationKey } from './signature.js';

const time = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const columns = `endpoint_id as "endpointId", status, settings, verification, verified, secrets, reason,
  ${time('failing_since')} as "failingSince", version, ${time('created_at')} as "createdAt", ${time('updated_at')} as "updatedAt"`;
const one = {
  name: 'webhooks.endpoint',
  text: `select ${columns} from specline.webhook_endpoint where organization_id = $1 and endpoint_id = $2`,
};
const page = {
  name: 'webhooks.endpoints',
  text: `select ${columns} from specline.webhook_endpoint
    where organization_id = $1 and ($2::uuid is null or endpoint_id > $2) order by endpoint_id limit $3`,
};

/** Endpoints as they are shown. */
@Injectable()
export class EndpointQueries {
  constructor(
    private readonly database: Database,
    private readonly cursors: Cursors,
    private readonly secrets: EndpointSecrets,
  ) {}

  /** @throws Refusal `not_found` */
  async stored(organizationId: string, endpointId: string): Promise<Omit<EndpointRow, 'organizationId'>> {
    const [row] = await this.database.query<EndpointRow>(organizationId, one, [organizationId, endpointId]);
    if (!row) throw new Refusal('not_found', 'There is no such endpoint in this organization.');
    return row;
  }

  async one(organizationId: string, endpointId: string): Promise<EndpointView> {
    return viewOf(await this.stored(organizationId, endpointId));
  }

  /** A page of them, oldest first. */
  async list(organizationId: string, { limit = 25, cursor }: EndpointListQuery): Promise<EndpointList> {
    const scope = { organizationId, list: 'webhook-endpoints', filters: {} };
    const [after = null] = cursor === undefined ? [] : await this.cursors.open(scope, cursor);
    const rows = await this.database.query<EndpointRow>(organizationId, page, [organizationId, after, limit + 1]);
    const items = rows.slice(0, limit).map(viewOf);
    const next = rows.length > limit ? await this.cursors.seal(scope, [items.at(-1)?.endpointId]) : null;
    return { items, page: { next } };
  }

  /** What receivers verify with: whoever may read this can sign as the service does. */
  async shownSecrets(organizationId: string, endpointId: string): Promise<ShownSecretList> {
    const { secrets } = viewOf(await this.stored(organizationId, endpointId));
    const opened = await this.secrets.read({ organizationId, endpointId }, secrets);
    const texts = new Map(opened.map((secret) => [secret.secretId, verificationKey(secret)]));
    return { items: secrets.map((secret) => ({ ...secret, secret: texts.get(secret.secretId) ?? '' })) };
  }

  /** The public keys of an endpoint, for anybody. */
  async keys(organizationId: string, endpointId: string): Promise<EndpointKeySet> {
    const { secrets } = viewOf(await this.stored(organizationId, endpointId));
    const asymmetric = secrets.filter(({ signature }) => signature === 'ed25519');
    const opened = await this.secrets.read({ organizationId, endpointId }, asymmetric);
    return { keys: opened.map((secret) => publicJwk(secret, secret.secretId)) };
  }
}

function viewOf(row: Omit<EndpointRow, 'organizationId'>): EndpointView {
  const { settings, secrets, status, ...rest } = row;
  const { headers, ...shown } = settings;
  const now = new Date().toISOString();
  return {
    ...rest,
    ...shown,
    status: status as EndpointView['status'],
    headers: headers?.names ?? [],
    secrets: secrets.filter(({ expiresAt }) => expiresAt === null || expiresAt > now),
  };
}
