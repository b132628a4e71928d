import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { newId } from '../../commands/ids.js';
import { OpenOrganization } from '../../commands/organization.commands.js';
import { hashApiKey, newApiKey } from '../auth/api-keys.js';
import { OrganizationQueries } from './organization.queries.js';

/** What the very first start makes: an organization, and a key that is shown this once. */
@Injectable()
export class Bootstrap {
  constructor(
    private readonly commands: CommandBus,
    private readonly organizations: OrganizationQueries,
  ) {}

  /** The new organization and its key, or nothing when there is an organization already. */
  async run(fixed: {
    organizationId?: string;
    apiKey?: string;
  }): Promise<{ organizationId: string; apiKey: string } | undefined> {
    if (await this.organizations.hasAny()) return undefined;
    const organizationId = fixed.organizationId ?? newId();
    const apiKey = fixed.apiKey ?? newApiKey();
    const command = Object.assign(new OpenOrganization(), { name: 'First organization', keyHash: hashApiKey(apiKey) });
    const actor = { id: 'bootstrap', kind: 'system', name: 'first start' } as const;
    await this.commands.execute(
      command.of(organizationId).from({ organizationId, actor, now: new Date(), requestId: newId() }),
    );
    return { organizationId, apiKey };
  }
}
