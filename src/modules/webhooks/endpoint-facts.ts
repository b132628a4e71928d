import { Injectable } from '@nestjs/common';
import type { DomainCommand } from '../../commands/command.js';
import { CreateEndpoint } from '../../commands/webhook.commands.js';
import { Database } from '../event-store/database.js';
import type { FactsSource } from '../event-store/facts-source.js';
import type { CreationFacts } from './endpoint.decider.js';

const count = {
  name: 'webhooks.count-endpoints',
  text: `select count(*) as "endpoints" from specline.webhook_endpoint where organization_id = $1`,
};

/** What the rules of endpoints must know from outside an endpoint's stream: how many others there are. */
@Injectable()
export class EndpointFacts implements FactsSource {
  constructor(private readonly database: Database) {}

  /** One is created after the other, so that two of them are not the last one both. */
  claims(command: DomainCommand): string | undefined {
    return command instanceof CreateEndpoint ? 'webhook_endpoints' : undefined;
  }

  async gather(command: DomainCommand): Promise<CreationFacts | object> {
    if (!(command instanceof CreateEndpoint)) return {};
    const { organizationId } = command.caller;
    const [counted] = await this.database.query<CreationFacts>(organizationId, count, [organizationId]);
    return { endpoints: Number(counted?.endpoints ?? 0) };
  }
}
