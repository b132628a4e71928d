import { Injectable } from '@nestjs/common';
import { Database } from '../event-store/database.js';

const blocking = {
  name: 'comments.open-blocking',
  text: `select thread_id as "threadId" from specline.comment_thread
    where organization_id = $1 and spec_id = $2 and blocking and status = 'open' order by thread_id`,
};

/** The threads that may hold an approval up, for those who judge it. */
@Injectable()
export class OpenThreads {
  constructor(private readonly database: Database) {}

  /** The ids of a spec's open blocking threads, oldest first. */
  async blocking(organizationId: string, specId: string): Promise<string[]> {
    const rows = await this.database.query<{ threadId: string }>(organizationId, blocking, [organizationId, specId]);
    return rows.map(({ threadId }) => threadId);
  }
}
