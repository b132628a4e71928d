import type { OnModuleDestroy } from '@nestjs/common';
import { Injectable, Logger } from '@nestjs/common';
import { Database } from './database.js';
import type { Stream } from './event-store.js';
import { foldVersion } from './fold-version.js';
import type { Head } from './streams.js';

const readSnapshot = {
  name: 'snapshots.read',
  text: `select state, version, seq, encode(hash, 'hex') as hash,
      to_char(recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "recordedAt"
    from specline.snapshot where organization_id = $1 and stream_id = $2 and stream_type = $3 and fold_version = $4`,
};
/** The commit waits for no disk, and keeps no append waiting for one: a snapshot that a crash takes is taken again. */
const writeSnapshot = {
  name: 'snapshots.write',
  text: `insert into specline.snapshot as s
      (organization_id, stream_id, stream_type, fold_version, version, seq, hash, recorded_at, state)
    values ($1, $2, $3, $4, $5, $6, decode($7, 'hex'), $8, $9)
    on conflict (organization_id, stream_id) do update
    set fold_version = excluded.fold_version, version = excluded.version, seq = excluded.seq, hash = excluded.hash,
      recorded_at = excluded.recorded_at, state = excluded.state
    where s.fold_version <> excluded.fold_version or s.version < excluded.version
    returning set_config('synchronous_commit', 'off', true)`,
};

/** After how many events a stream is worth another snapshot, and how many streams may wait for theirs. */
const every = 100;
const mostWaiting = 100;

/**
 * Folded states at rest, so that a long stream is not read from its beginning. Taken behind the writers' backs, one at a
 * time; losing one costs time and nothing else. What is read is only a place to start from: the events after it are always
 * read as well, and one that other code folded is not read at all.
 */
@Injectable()
export class Snapshots implements OnModuleDestroy {
  private readonly log = new Logger('snapshots');
  private readonly waiting = new Map<string, { stream: Stream; head: Head<unknown> }>();
  private writing: Promise<void> | undefined;

  constructor(private readonly database: Database) {}

  async read<State>({ organizationId, type, id }: Stream): Promise<Head<State> | undefined> {
    const values = [organizationId, id, type, foldVersion];
    const [row] = await this.database.query<Omit<Head<State>, 'snapshot'>>(organizationId, readSnapshot, values);
    return row && { ...row, snapshot: row.version };
  }

  /** The head to keep: it remembers the snapshot that is going to be taken of it when one is due. */
  consider<State>(stream: Stream, head: Head<State>): Head<State> {
    if (head.version - head.snapshot < every || this.waiting.size >= mostWaiting) return head;
    this.waiting.set(`${stream.organizationId}/${stream.id}`, { stream, head });
    this.writing ??= this.writeAll();
    return { ...head, snapshot: head.version };
  }

  async onModuleDestroy(): Promise<void> {
    this.waiting.clear();
    await this.writing;
  }

  private async writeAll(): Promise<void> {
    for (const [key, { stream, head }] of this.waiting) {
      this.waiting.delete(key);
      const { version, seq, hash, recordedAt, state } = head;
      const { organizationId, type, id } = stream;
      const values = [organizationId, id, type, foldVersion, version, seq, hash, recordedAt, JSON.stringify(state)];
      await this.database.query(organizationId, writeSnapshot, values).catch((error: unknown) => {
        this.log.warn(`no snapshot of ${type} ${id}: ${String(error)}`);
      });
    }
    this.writing = undefined;
  }
}
