import { Injectable } from '@nestjs/common';
import { Database } from '../event-store/database.js';

const blocking = {
  name: 'comments.open-blocking',
  text: `select thread_id as "threadId" from specline.comment_thread
    where organization_id = $1 and spec_id = $2 and blocking and status = 'open' order by thread_id`,
};

const time = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const selected = `select thread_id as "threadId", spec_id as "specId", ${time('opened_at')} as "openedAt"
  from specline.comment_thread where organization_id = $1 and status = 'open'`;
const mentioning = {
  name: 'comments.open-mentioning',
  text: `${selected} and mentions @> array[$2::text] order by thread_id limit $3`,
};
const opened = {
  name: 'comments.open-opened-by',
  text: `${selected} and opener_id = $2 order by thread_id limit $3`,
};

const about = {
  name: 'comments.about',
  text: `select distinct spec_id as "specId" from specline.comment_thread where organization_id = $1 and thread_id = any ($2::uuid[])`,
};

/** An open thread, and the spec that it is about. */
export type WaitingThread = { threadId: string; specId: string; openedAt: string };

/** The threads that may hold an approval up, for those who judge it. */
@Injectable()
export class OpenThreads {
  constructor(private readonly database: Database) {}

  /** The ids of a spec's open blocking threads, oldest first. */
  async blocking(organizationId: string, specId: string): Promise<string[]> {
    const rows = await this.database.query<{ threadId: string }>(organizationId, blocking, [organizationId, specId]);
    return rows.map(({ threadId }) => threadId);
  }

  /** The ids of the specs that threads are about, each once. */
  async about(organizationId: string, threadIds: readonly string[]): Promise<string[]> {
    const rows = await this.database.query<{ specId: string }>(organizationId, about, [organizationId, threadIds]);
    return rows.map(({ specId }) => specId);
  }

  /** The open threads that mention somebody, oldest first. */
  mentioning(organizationId: string, id: string, limit: number): Promise<WaitingThread[]> {
    return this.database.query<WaitingThread>(organizationId, mentioning, [organizationId, id, limit]);
  }

  /** The open threads that somebody began, oldest first. */
  openedBy(organizationId: string, id: string, limit: number): Promise<WaitingThread[]> {
    return this.database.query<WaitingThread>(organizationId, opened, [organizationId, id, limit]);
  }
}
