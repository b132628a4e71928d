import type { DynamicModule } from '@nestjs/common';
import { Injectable, Module } from '@nestjs/common';
import { CommandHandler } from '@nestjs/cqrs';
import { EndpointCommand } from '../../commands/webhook.commands.js';
import { DeciderHandler } from '../event-store/decider-handler.js';
import { EventStoreModule } from '../event-store/event-store.module.js';
import { ThreadSpecQueries } from '../comments/thread-specs.queries.js';
import { HttpModule } from '../http/http.module.js';
import { SpecStandingQueries } from '../specs/spec-standing.queries.js';
import { Claims } from './claims.js';
import { DeliveriesController } from './deliveries.controller.js';
import { DeliveryDesk } from './delivery-desk.js';
import { DeliveryQueries } from './delivery.queries.js';
import { DeliveryWorker } from './delivery-worker.js';
import { EndpointDesk } from './endpoint-desk.js';
import { EndpointFacts } from './endpoint-facts.js';
import { EndpointKeysController } from './endpoint-keys.controller.js';
import { EndpointNotices } from './endpoint-notices.js';
import { EndpointSecrets } from './endpoint-secrets.js';
import { endpointDecider } from './endpoint.decider.js';
import { projectEndpoint } from './endpoint.projection.js';
import { EndpointQueries } from './endpoint.queries.js';
import { EndpointsController } from './endpoints.controller.js';
import { EventTypesController } from './event-types.controller.js';
import { FanOutSubscription } from './fan-out.subscription.js';
import { HttpSender } from './http-sender.js';
import { LeaseSweep } from './lease-sweep.js';
import { MessageBodies } from './message-bodies.js';
import { MessageSigning } from './message-signing.js';
import { ReplayQueries } from './replay.queries.js';
import { ReplayWorker } from './replay-worker.js';
import { Retention } from './retention.js';
import { Settlements } from './settlements.js';
import { WebhookClock } from './webhook-clock.js';
import type { WebhookSettings } from './webhook-settings.js';
import { WEBHOOK_SETTINGS } from './webhook-settings.js';

@Injectable()
@CommandHandler(EndpointCommand)
class EndpointHandler extends DeciderHandler(endpointDecider, projectEndpoint, EndpointFacts) {}

const delivering = [
  DeliveryWorker,
  Claims,
  MessageBodies,
  Settlements,
  LeaseSweep,
  EndpointNotices,
  ReplayWorker,
  Retention,
  WebhookClock,
];

@Module({})
export class WebhooksModule {
  /** @param delivers whether this process sends messages, or only takes care of endpoints */
  static with(settings: WebhookSettings, delivers: boolean): DynamicModule {
    return {
      module: WebhooksModule,
      imports: [EventStoreModule, HttpModule],
      controllers: [EndpointsController, EndpointKeysController, DeliveriesController, EventTypesController],
      providers: [
        EndpointHandler,
        EndpointFacts,
        EndpointDesk,
        EndpointQueries,
        EndpointSecrets,
        DeliveryDesk,
        DeliveryQueries,
        ReplayQueries,
        MessageSigning,
        SpecStandingQueries,
        ThreadSpecQueries,
        FanOutSubscription,
        { provide: HttpSender, useFactory: () => new HttpSender(settings) },
        { provide: WEBHOOK_SETTINGS, useValue: settings },
        ...(delivers ? delivering : []),
      ],
    };
  }
}
