import type { DynamicModule } from '@nestjs/common';
import { Injectable, Module } from '@nestjs/common';
import { CommandHandler } from '@nestjs/cqrs';
import { EndpointCommand } from '../../commands/webhook.commands.js';
import { DeciderHandler } from '../event-store/decider-handler.js';
import { EventStoreModule } from '../event-store/event-store.module.js';
import { NoFacts } from '../event-store/no-facts.js';
import { HttpModule } from '../http/http.module.js';
import { EndpointDesk } from './endpoint-desk.js';
import { EndpointKeysController } from './endpoint-keys.controller.js';
import { EndpointSecrets } from './endpoint-secrets.js';
import { endpointDecider } from './endpoint.decider.js';
import { projectEndpoint } from './endpoint.projection.js';
import { EndpointQueries } from './endpoint.queries.js';
import { EndpointsController } from './endpoints.controller.js';
import { HttpSender } from './http-sender.js';
import { MessageSigning } from './message-signing.js';
import type { WebhookSettings } from './webhook-settings.js';

@Injectable()
@CommandHandler(EndpointCommand)
class EndpointHandler extends DeciderHandler(endpointDecider, projectEndpoint, NoFacts) {}

@Module({})
export class WebhooksModule {
  static with(settings: WebhookSettings): DynamicModule {
    return {
      module: WebhooksModule,
      imports: [EventStoreModule, HttpModule],
      controllers: [EndpointsController, EndpointKeysController],
      providers: [
        EndpointHandler,
        EndpointDesk,
        EndpointQueries,
        EndpointSecrets,
        MessageSigning,
        { provide: HttpSender, useFactory: () => new HttpSender(settings) },
      ],
    };
  }
}
