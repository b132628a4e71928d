import { Controller } from '@nestjs/common';
import type { Caller } from '../../commands/command.js';
import { CancelDelivery, CancelReplay, ResendDelivery, StartReplay } from '../../commands/delivery.commands.js';
import { CommandRoute, From, FromRequest } from '../http/command-route.js';
import type { Ask } from '../http/query-route.js';
import { Asked, QueryRoute } from '../http/query-route.js';
import { DeliveryDesk } from './delivery-desk.js';
import { DeliveryQueries } from './delivery.queries.js';
import {
  AttemptList,
  DeliveryFilter,
  DeliveryList,
  DeliveryListQuery,
  DeliveryView,
  EndpointStatistics,
  ReplayCount,
  ReplayView,
} from './delivery.view.js';
import { EndpointQueries } from './endpoint.queries.js';
import { ReplayQueries } from './replay.queries.js';

const tag = 'Webhooks';
const ask = { tag, access: 'admin', accepts: true } as const;

@Controller('v1/organizations/:organizationId')
export class DeliveriesController {
  constructor(
    private readonly desk: DeliveryDesk,
    private readonly deliveries: DeliveryQueries,
    private readonly replays: ReplayQueries,
    private readonly endpoints: EndpointQueries,
  ) {}

  @QueryRoute('webhook-deliveries', {
    summary: 'List deliveries, the newest first',
    operationId: 'listWebhookDeliveries',
    tag,
    query: DeliveryListQuery,
    view: DeliveryList,
    waitsFor: 'webhooks',
  })
  list(@Asked() { organizationId, query }: Ask<DeliveryListQuery>) {
    return this.deliveries.list(organizationId, query);
  }

  @QueryRoute('webhook-deliveries/:deliveryId', {
    summary: 'Read a delivery',
    operationId: 'getWebhookDelivery',
    tag,
    view: DeliveryView,
  })
  one(@Asked() { organizationId, path }: Ask) {
    return this.deliveries.one(organizationId, path.deliveryId ?? '');
  }

  @QueryRoute('webhook-deliveries/:deliveryId/attempts', {
    summary: 'List the attempts of a delivery',
    operationId: 'listWebhookAttempts',
    tag,
    view: AttemptList,
  })
  attempts(@Asked() { organizationId, path }: Ask) {
    return this.deliveries.attempts(organizationId, path.deliveryId ?? '');
  }

  @CommandRoute('Post', 'webhook-deliveries/:deliveryId/resend', {
    ...ask,
    summary: 'Send a message again',
    operationId: 'resendWebhookDelivery',
    audited: 'webhook.delivery.resent',
    bodiless: ResendDelivery,
    creates: { location: ({ deliveryId }) => `/webhook-deliveries/${String(deliveryId)}` },
    receipt: DeliveryView,
  })
  resend(@FromRequest() { deliveryId }: ResendDelivery, @From() caller: Caller) {
    return this.desk.resend(deliveryId, caller);
  }

  @CommandRoute('Post', 'webhook-deliveries/:deliveryId/cancel', {
    ...ask,
    summary: 'Give up a delivery that waits',
    operationId: 'cancelWebhookDelivery',
    audited: 'webhook.delivery.cancelled',
    keepsNoAnswer: true,
    bodiless: CancelDelivery,
    receipt: DeliveryView,
  })
  cancel(@FromRequest() { deliveryId }: CancelDelivery, @From() caller: Caller) {
    return this.desk.cancel(deliveryId, caller);
  }

  @QueryRoute('webhook-endpoints/:endpointId/statistics', {
    summary: 'Read how an endpoint does',
    operationId: 'getWebhookStatistics',
    tag,
    view: EndpointStatistics,
  })
  async statistics(@Asked() { organizationId, path }: Ask) {
    const { endpointId } = await this.endpoints.one(organizationId, path.endpointId ?? '');
    return this.deliveries.statistics(organizationId, endpointId);
  }

  @QueryRoute('webhook-endpoints/:endpointId/replay-count', {
    summary: 'Count what a replay would deliver again',
    operationId: 'countWebhookReplay',
    tag,
    query: DeliveryFilter,
    view: ReplayCount,
  })
  count(@Asked() { organizationId, path, query }: Ask<DeliveryFilter>) {
    return this.replays.count(organizationId, path.endpointId ?? '', query);
  }

  @CommandRoute('Post', 'webhook-endpoints/:endpointId/replays', {
    ...ask,
    summary: 'Deliver a stretch of the log again',
    operationId: 'startWebhookReplay',
    audited: 'webhook.replay.started',
    json: StartReplay,
    creates: { id: 'replayId', location: ({ replayId }) => `/webhook-replays/${String(replayId)}` },
    receipt: ReplayView,
  })
  replay(@FromRequest() command: StartReplay, @From() caller: Caller) {
    return this.desk.replay(command, caller);
  }

  @QueryRoute('webhook-replays/:replayId', {
    summary: 'Read a replay: how far it is',
    operationId: 'getWebhookReplay',
    tag,
    view: ReplayView,
  })
  replayed(@Asked() { organizationId, path }: Ask) {
    return this.replays.one(organizationId, path.replayId ?? '');
  }

  @CommandRoute('Post', 'webhook-replays/:replayId/cancel', {
    ...ask,
    summary: 'End a replay',
    operationId: 'cancelWebhookReplay',
    audited: 'webhook.replay.cancelled',
    keepsNoAnswer: true,
    bodiless: CancelReplay,
    receipt: ReplayView,
  })
  cancelReplay(@FromRequest() { replayId }: CancelReplay, @From() caller: Caller) {
    return this.desk.cancelReplay(replayId, caller);
  }
}
