import { Injectable } from '@nestjs/common';
import { Subscriptions } from '../event-store/subscriptions.js';
import { WorkerDatabase } from '../event-store/worker-database.js';

/** What an organization's ledger has come to. */
export type Sealed = { organizationId: string; seals: number; size: number; sealedAt: string };

const heads = {
  name: 'sealer.heads',
  text: `select organization_id as "organizationId", seals, size,
      to_char(sealed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "sealedAt"
    from specline.ledger where $1::uuid is null or organization_id = $1 order by organization_id`,
};

/** Sealing when an operator asks for it. */
@Injectable()
export class Sealer {
  constructor(
    private readonly subscriptions: Subscriptions,
    private readonly database: WorkerDatabase,
  ) {}

  /**
   * Waits until everything that was written before is sealed, by whichever process seals.
   *
   * @param organizationId tells of this one only
   * @returns where the ledgers stand then
   * @throws Error where that takes longer than `timeoutMilliseconds`: no process does background work, or it fails; AbortError when the signal aborts
   */
  async sealNow(organizationId?: string, timeoutMilliseconds = 60_000, signal?: AbortSignal): Promise<Sealed[]> {
    if (!(await this.subscriptions.catchUp('ledger', timeoutMilliseconds, signal))) {
      throw new Error(`not everything was sealed within ${timeoutMilliseconds} milliseconds`);
    }
    return this.database.query<Sealed>(heads, [organizationId ?? null]);
  }
}
