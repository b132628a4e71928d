import { Injectable } from '@nestjs/common';
import type { Caller } from '../../commands/command.js';
import type { StartReplay } from '../../commands/delivery.commands.js';
import { newId } from '../../commands/ids.js';
import { Refusal } from '../../commands/refusals.js';
import { Database } from '../event-store/database.js';
import { DeliveryQueries } from './delivery.queries.js';
import type { DeliveryFilter, DeliveryView, ReplayView } from './delivery.view.js';
import { EndpointQueries } from './endpoint.queries.js';
import { wakeChannel } from './fan-out.subscription.js';
import { ReplayQueries } from './replay.queries.js';

/** How work that was asked for is answered: as what it is. */
type Accepted<View> = { receipt: View; tag: null; replayed: boolean };

/** The lane is due: whoever takes from it next finds what was added. */
const resend = {
  name: 'webhooks.resend',
  text: `with source as (select * from specline.webhook_delivery where organization_id = $1 and delivery_id = $2),
    lane as (
      update specline.webhook_lane l set due_at = least(l.due_at, clock_timestamp()) from source s
      where l.organization_id = s.organization_id and l.endpoint_id = s.endpoint_id returning l.endpoint_id),
    added as (
      insert into specline.webhook_delivery (organization_id, delivery_id, endpoint_id, queue_key, cause, event_id, type,
        stream_id, stream_version, seq, spec, spec_id, payload, state, next_attempt_at)
      select organization_id, $3, s.endpoint_id, null, 'resend', event_id, type, stream_id, stream_version, seq, spec,
        spec_id, payload, 'pending', clock_timestamp() from source s join lane using (endpoint_id)
      on conflict (organization_id, delivery_id) do nothing returning delivery_id)
    select (select delivery_id from added) as "deliveryId", exists (select from lane) as "isThere", pg_notify('${wakeChannel}', '')`,
};
const cancel = {
  name: 'webhooks.cancel',
  text: `with waiting as (
      delete from specline.webhook_waiting where organization_id = $1 and delivery_id = $2 and lease_token is null
      returning organization_id, delivery_id)
    update specline.webhook_delivery d set state = 'cancelled', settled_at = clock_timestamp(), next_attempt_at = null
    from waiting w where d.organization_id = w.organization_id and d.delivery_id = w.delivery_id`,
};

/** Takes what is asked of deliveries. */
@Injectable()
export class DeliveryDesk {
  constructor(
    private readonly database: Database,
    private readonly deliveries: DeliveryQueries,
    private readonly endpoints: EndpointQueries,
    private readonly replays: ReplayQueries,
  ) {}

  /** Adds a delivery of the same message: it is a new one, so that nothing takes it for a repetition. */
  async resend(deliveryId: string, { organizationId, idempotency }: Caller): Promise<Accepted<DeliveryView>> {
    const source = await this.deliveries.one(organizationId, deliveryId);
    // The same key is the same delivery.
    const added = idempotency?.commandId ?? newId();
    const values = [organizationId, deliveryId, added];
    const [done] = await this.database.query<{ deliveryId: string | null; isThere: boolean }>(
      organizationId,
      resend,
      values,
    );
    if (!done?.isThere) throw new Refusal('not_found', 'The endpoint of this delivery is not there any more.');
    const receipt = await this.deliveries.one(organizationId, added);
    if (receipt.eventId !== source.eventId || receipt.endpointId !== source.endpointId) {
      throw new Refusal('idempotency_key_reused', 'Use a new key for a new request: this one belongs to another.');
    }
    return { receipt, tag: null, replayed: done.deliveryId === null };
  }

  /** What has ended, or is under way, stays as it is. */
  async cancel(deliveryId: string, { organizationId }: Caller): Promise<Accepted<DeliveryView>> {
    await this.deliveries.one(organizationId, deliveryId);
    await this.database.query(organizationId, cancel, [organizationId, deliveryId]);
    return { receipt: await this.deliveries.one(organizationId, deliveryId), tag: null, replayed: false };
  }

  async replay(command: StartReplay, { organizationId, idempotency }: Caller): Promise<Accepted<ReplayView>> {
    const { endpointId, status, type, specId, since, until } = command;
    await this.endpoints.stored(organizationId, endpointId);
    const replayId = idempotency?.commandId ?? command.replayId;
    const filter: DeliveryFilter = { status, type, specId, since, until };
    const hash = idempotency?.requestHash ?? null;
    const isNew = await this.replays.add(organizationId, { replayId, endpointId, filter, hash });
    const { requestHash, ...receipt } = await this.replays.stored(organizationId, replayId);
    if (requestHash !== hash) {
      throw new Refusal('idempotency_key_reused', 'Use a new key for a new request: this one belongs to another.');
    }
    return { receipt, tag: null, replayed: !isNew };
  }

  /** What has ended stays as it is. */
  async cancelReplay(replayId: string, { organizationId }: Caller): Promise<Accepted<ReplayView>> {
    await this.replays.one(organizationId, replayId);
    await this.replays.cancel(organizationId, replayId);
    return { receipt: await this.replays.one(organizationId, replayId), tag: null, replayed: false };
  }
}
