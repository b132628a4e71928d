import { Controller, Get, Header, Param } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { validate as isUuid } from 'uuid';
import { Refusal } from '../../commands/refusals.js';
import { Requires } from '../auth/access.js';
import { operationNotes, problemsOfAll } from '../http/operation-notes.js';
import { EndpointQueries } from './endpoint.queries.js';
import { EndpointKeySet } from './endpoint.view.js';

const operationId = 'getWebhookKeySet';
operationNotes.set(operationId, { headers: [], problems: [...problemsOfAll, 'not_found'] });

@ApiTags('Webhooks')
@Controller('.well-known/webhook-keys')
export class EndpointKeysController {
  constructor(private readonly endpoints: EndpointQueries) {}

  @Get(':organizationId/:endpointId')
  @Requires('public')
  @Header('cache-control', 'public, max-age=60')
  @ApiOperation({
    operationId,
    summary: 'The public keys that an endpoint’s messages are signed with, as a JSON Web Key Set',
    description: 'For receivers of endpoints with Ed25519 signatures (`v1a`).',
    security: [],
  })
  @ApiResponse({ status: 200, description: 'Those that sign, the newest first', type: EndpointKeySet })
  keys(
    @Param('organizationId') organizationId: string,
    @Param('endpointId') endpointId: string,
  ): Promise<EndpointKeySet> {
    if (!isUuid(organizationId) || !isUuid(endpointId)) throw new Refusal('not_found', 'There is no such endpoint.');
    return this.endpoints.keys(organizationId.toLowerCase(), endpointId.toLowerCase());
  }
}
