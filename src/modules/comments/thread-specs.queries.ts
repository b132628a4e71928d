import { Injectable } from '@nestjs/common';
import { Database } from '../event-store/database.js';

const specs = {
  name: 'comments.specs-of-threads',
  text: `select thread_id as "threadId", spec_id as "specId" from specline.comment_thread
    where organization_id = $1 and thread_id = any ($2::uuid[])`,
};

/** Which specs threads are about. */
@Injectable()
export class ThreadSpecQueries {
  constructor(private readonly database: Database) {}

  /** Of those ids that are threads of the organization, the ids of their specs. */
  async of(organizationId: string, ids: readonly string[]): Promise<Map<string, string>> {
    if (ids.length === 0) return new Map();
    const rows = await this.database.query<{ threadId: string; specId: string }>(organizationId, specs, [
      organizationId,
      ids,
    ]);
    return new Map(rows.map(({ threadId, specId }) => [threadId, specId]));
  }
}
