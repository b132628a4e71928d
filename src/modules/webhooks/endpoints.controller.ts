import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Caller } from '../../commands/command.js';
import {
  ChangeEndpoint,
  CreateEndpoint,
  DeleteEndpoint,
  PauseEndpoint,
  ResumeEndpoint,
  RotateSecret,
  TestEndpoint,
  VerifyEndpoint,
} from '../../commands/webhook.commands.js';
import { CommandRoute, From, FromRequest } from '../http/command-route.js';
import type { Ask } from '../http/query-route.js';
import { Asked, QueryRoute } from '../http/query-route.js';
import { EndpointDesk } from './endpoint-desk.js';
import { EndpointQueries } from './endpoint.queries.js';
import {
  EndpointList,
  EndpointListQuery,
  EndpointReceipt,
  EndpointSecretReceipt,
  EndpointView,
  ShownSecretList,
} from './endpoint.view.js';

const tag = 'Webhooks';
const change = { tag, receipt: EndpointReceipt, access: 'admin' } as const;

@Controller('v1/organizations/:organizationId/webhook-endpoints')
export class EndpointsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly desk: EndpointDesk,
    private readonly endpoints: EndpointQueries,
  ) {}

  @CommandRoute('Post', '', {
    ...change,
    summary: 'Create an endpoint',
    operationId: 'createWebhookEndpoint',
    json: CreateEndpoint,
    creates: { id: 'endpointId', location: ({ endpointId }) => `/webhook-endpoints/${String(endpointId)}` },
    receipt: EndpointSecretReceipt,
  })
  create(@FromRequest() command: CreateEndpoint, @From() caller: Caller) {
    return this.desk.create(command, caller);
  }

  @QueryRoute('', {
    summary: 'List the endpoints',
    operationId: 'listWebhookEndpoints',
    tag,
    query: EndpointListQuery,
    view: EndpointList,
  })
  list(@Asked() { organizationId, query }: Ask<EndpointListQuery>) {
    return this.endpoints.list(organizationId, query);
  }

  @QueryRoute(':endpointId', {
    summary: 'Read an endpoint',
    operationId: 'getWebhookEndpoint',
    tag,
    view: EndpointView,
  })
  one(@Asked() { organizationId, path }: Ask) {
    return this.endpoints.one(organizationId, path.endpointId ?? '');
  }

  @CommandRoute('Patch', ':endpointId', {
    ...change,
    summary: 'Change an endpoint',
    operationId: 'changeWebhookEndpoint',
    json: ChangeEndpoint,
    ifMatch: 'required',
  })
  change(@FromRequest() command: ChangeEndpoint, @From() caller: Caller) {
    return this.desk.change(command, caller);
  }

  @CommandRoute('Delete', ':endpointId', {
    ...change,
    summary: 'Delete an endpoint and destroy its secrets',
    operationId: 'deleteWebhookEndpoint',
    bodiless: DeleteEndpoint,
    ifMatch: 'required',
  })
  delete(@FromRequest() command: DeleteEndpoint, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }

  @CommandRoute('Post', ':endpointId/pause', {
    ...change,
    summary: 'Pause an endpoint',
    operationId: 'pauseWebhookEndpoint',
    json: PauseEndpoint,
  })
  pause(@FromRequest() command: PauseEndpoint, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }

  @CommandRoute('Post', ':endpointId/resume', {
    ...change,
    summary: 'Send again after a pause, or after it was disabled',
    operationId: 'resumeWebhookEndpoint',
    bodiless: ResumeEndpoint,
  })
  resume(@FromRequest() command: ResumeEndpoint, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }

  @CommandRoute('Post', ':endpointId/test', {
    ...change,
    summary: 'Send a test message',
    operationId: 'testWebhookEndpoint',
    bodiless: TestEndpoint,
  })
  test(@FromRequest() command: TestEndpoint, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }

  @CommandRoute('Post', ':endpointId/verify', {
    ...change,
    summary: 'Challenge the address of an endpoint',
    operationId: 'verifyWebhookEndpoint',
    bodiless: VerifyEndpoint,
  })
  verify(@FromRequest() command: VerifyEndpoint, @From() caller: Caller) {
    return this.desk.verify(command, caller);
  }

  @CommandRoute('Post', ':endpointId/rotate-secret', {
    ...change,
    summary: 'Sign with a new secret',
    operationId: 'rotateWebhookSecret',
    json: RotateSecret,
    receipt: EndpointSecretReceipt,
  })
  rotate(@FromRequest() command: RotateSecret, @From() caller: Caller) {
    return this.desk.rotate(command, caller);
  }

  @QueryRoute(':endpointId/secrets', {
    summary: 'Read what signatures are verified with',
    operationId: 'listWebhookSecrets',
    tag,
    view: ShownSecretList,
    access: 'admin',
  })
  secrets(@Asked() { organizationId, path }: Ask) {
    return this.endpoints.shownSecrets(organizationId, path.endpointId ?? '');
  }
}
