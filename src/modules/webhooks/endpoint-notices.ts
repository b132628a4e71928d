import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Caller } from '../../commands/command.js';
import { newId } from '../../commands/ids.js';
import { DisableEndpoint, WarnEndpoint } from '../../commands/webhook.commands.js';
import { WorkerDatabase } from '../event-store/worker-database.js';
import type { LaneNotice } from './transition.js';

type Noticed = { organizationId: string; endpointId: string; notice: LaneNotice; failingSince: string | null };

const noticed = {
  name: 'webhooks.noticed',
  text: `select organization_id as "organizationId", endpoint_id as "endpointId", notice,
      to_char(failing_since at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "failingSince"
    from specline.webhook_lane where notice is not null and status = 'active' limit 100`,
};

const actor = { id: 'webhooks', kind: 'system', name: 'Webhooks' } as const;

/**
 * Tells history what deliveries came to: that an endpoint fails, or is disabled. A notice stays until the fan-out has read
 * the event that it led to, so that none is lost; a command that comes twice changes nothing.
 */
@Injectable()
export class EndpointNotices {
  constructor(
    private readonly database: WorkerDatabase,
    private readonly commands: CommandBus,
  ) {}

  async tell(): Promise<void> {
    for (const { organizationId, endpointId, notice, failingSince } of await this.database.query<Noticed>(noticed)) {
      const caller: Caller = { organizationId, actor, now: new Date(), requestId: newId() };
      await this.commands.execute(commandOf(notice, endpointId, failingSince).from(caller));
    }
  }
}

function commandOf(
  notice: LaneNotice,
  endpointId: string,
  failingSince: string | null,
): WarnEndpoint | DisableEndpoint {
  if (notice === 'warn_1' || notice === 'warn_2') {
    return Object.assign(new WarnEndpoint(), { endpointId, failingSince, stage: notice === 'warn_1' ? 1 : 2 });
  }
  return Object.assign(new DisableEndpoint(), { endpointId, failingSince, reason: notice });
}
