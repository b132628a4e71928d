import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { newId } from '../../commands/ids.js';
import type { Caller, Outcome } from '../../commands/command.js';
import { ErasePerson, IssueApiKey, OpenOrganization, RevokeApiKey } from '../../commands/organization.commands.js';
import { ApiKeys, hashApiKey, newApiKey } from '../auth/api-keys.js';
import { PersonalData } from '../event-store/personal-data.js';
import { CommandRoute, From, FromRequest } from '../http/command-route.js';
import type { Ask } from '../http/query-route.js';
import { Asked, QueryRoute } from '../http/query-route.js';
import { OrganizationQueries } from './organization.queries.js';
import {
  ApiKeyList,
  ApiKeyReceipt,
  ErasureReceipt,
  OrganizationReceipt,
  OrganizationView,
} from './organization.view.js';

const tag = 'Organizations';

@Controller('v1/organizations')
export class OrganizationsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly organizations: OrganizationQueries,
    private readonly apiKeys: ApiKeys,
    private readonly personal: PersonalData,
  ) {}

  @CommandRoute('Post', '', {
    summary: 'Open an organization and issue its first key (operator key)',
    operationId: 'openOrganization',
    tag,
    json: OpenOrganization,
    creates: { location: ({ organizationId }) => `/organizations/${String(organizationId)}` },
    receipt: ApiKeyReceipt,
    access: 'operator',
  })
  open(@FromRequest() command: OpenOrganization, @From() caller: Caller) {
    const organizationId = caller.idempotency?.commandId ?? newId();
    return this.withSecret(command.of(organizationId), { ...caller, organizationId });
  }

  @QueryRoute(':organizationId', {
    summary: 'Read the organization',
    operationId: 'getOrganization',
    tag,
    view: OrganizationView,
  })
  one(@Asked() { organizationId }: Ask): Promise<OrganizationView> {
    return this.organizations.one(organizationId);
  }

  @CommandRoute('Post', ':organizationId/api-keys', {
    summary: 'Issue an API key',
    operationId: 'issueApiKey',
    tag,
    json: IssueApiKey,
    creates: { id: 'keyId', location: ({ keyId }) => `/api-keys/${String(keyId)}` },
    receipt: ApiKeyReceipt,
    access: 'admin',
  })
  issueKey(@FromRequest() command: IssueApiKey, @From() caller: Caller) {
    return this.withSecret(command.of(caller.organizationId), caller);
  }

  @QueryRoute(':organizationId/api-keys', {
    summary: 'List the API keys, without their secrets',
    operationId: 'listApiKeys',
    tag,
    view: ApiKeyList,
    access: 'auditor',
  })
  keys(@Asked() { organizationId }: Ask): Promise<ApiKeyList> {
    return this.organizations.keys(organizationId);
  }

  @CommandRoute('Delete', ':organizationId/api-keys/:keyId', {
    summary: 'Revoke an API key',
    operationId: 'revokeApiKey',
    tag,
    bodiless: RevokeApiKey,
    receipt: OrganizationReceipt,
    access: 'admin',
  })
  async revokeKey(@FromRequest() command: RevokeApiKey, @From() caller: Caller): Promise<Outcome> {
    const outcome = await this.commands.execute(command.of(caller.organizationId).from(caller));
    this.apiKeys.forget();
    return outcome;
  }

  @CommandRoute('Post', ':organizationId/erasures', {
    summary: 'Erase a person: their name can never be read again',
    operationId: 'erasePerson',
    tag,
    json: ErasePerson,
    receipt: ErasureReceipt,
    access: 'admin',
  })
  async erase(@FromRequest() command: ErasePerson, @From() caller: Caller): Promise<Outcome> {
    const outcome = await this.commands.execute(command.of(caller.organizationId).from(caller));
    this.personal.forget();
    return outcome;
  }

  /** The secret is made here and told once: the command and its stored answer know only the hash. */
  private async withSecret(command: OpenOrganization | IssueApiKey, caller: Caller): Promise<Outcome> {
    const apiKey = newApiKey();
    const outcome = await this.commands.execute(Object.assign(command, { keyHash: hashApiKey(apiKey) }).from(caller));
    const receipt = { ...outcome.receipt, apiKey: outcome.replayed ? null : apiKey };
    return { ...outcome, receipt };
  }
}
