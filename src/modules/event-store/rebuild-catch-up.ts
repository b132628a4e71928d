import type { ClientBase } from 'pg';
import { LRUCache } from 'lru-cache';
import { finalPosition } from './final-position.js';
import type { RowChange } from './projection-tables.js';
import type { StreamFold } from './read-model.js';
import { foldHistory } from './rebuild-fold.js';
import type { StreamStart } from './rebuild-history.js';
import { applyChanges } from './rebuild-rows.js';
import type { Place } from './rebuild-tables.js';
import { tableAt } from './rebuild-tables.js';
import type { RebuildWork } from './rebuild-work.js';
import { generationAt, Superseded } from './rebuild-work.js';

/** Changes that are written together. */
const batch = 2000;

const changedSince = `select distinct e.organization_id as "organizationId", e.stream_id as "streamId"
  from specline.event e join specline.stream s using (organization_id, stream_id)
  where e.seq > $2 and s.stream_type = $1`;
const move = 'update specline.rebuild set position = $3 where projection = $1 and place = $2';

type Head = { fold: StreamFold; version: number };

/**
 * Brings the tables of a place up to date with streams that changed since. A stream that changes again is folded on
 * from where it was left, so that long streams in use cost no more than short ones.
 */
export class CatchUp {
  private readonly heads = new LRUCache<string, Head>({ maxSize: 64 * 1024 * 1024 });

  constructor(
    private readonly work: RebuildWork,
    private readonly place: Place,
  ) {}

  /** One round, in a transaction of its own. @returns how many streams had changed */
  async round(): Promise<number> {
    const { database } = this.work;
    return database.connected(async (reader) => {
      const position = await finalPosition(reader);
      return this.undone(() => database.transaction((client) => this.apply(client, reader, position)));
    });
  }

  /**
   * The last events, in a transaction that holds appends off, on its own connection.
   * @param most gives up where more streams than that have changed
   * @returns how many had
   */
  async last(client: ClientBase, position: number, most: number): Promise<number> {
    return this.apply(client, client, position, most);
  }

  /** Runs work; if it fails, no state is kept that the tables may not have reached. */
  async undone<T>(run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      this.heads.clear();
      throw error;
    }
  }

  /** In the transaction of a client; what is read through the other one is at least as recent as the position. */
  async apply(client: ClientBase, reader: ClientBase, position: number, most = Infinity): Promise<number> {
    const { model, meter, signal } = this.work;
    // Locked until the end: of two that believe to have the operation, one goes on.
    const generation = await generationAt(client, model, this.place, 'for update');
    if (!generation || (this.place === 'next' && generation.operationId !== this.work.operationId))
      throw new Superseded();
    const { rows } = await reader.query<Omit<StreamStart, 'after'>>(changedSince, [model.name, generation.position]);
    if (rows.length > most) throw new TooManyChanges(rows.length);
    const known = new Map(rows.map((stream) => [keyOf(stream), this.heads.get(keyOf(stream))]));
    const streams = rows.map((stream) => ({ ...stream, after: known.get(keyOf(stream))?.version ?? 0 }));

    let whole: RowChange[] = [];
    let tails: RowChange[] = [];
    const write = async () => {
      const nameOf = (table: RowChange['table']) => tableAt(table, this.place);
      const changes = [whole, tails] as const;
      [whole, tails] = [[], []];
      await applyChanges(client, changes[0], nameOf, true);
      await applyChanges(client, changes[1], nameOf, false);
    };
    await foldHistory(
      reader,
      streams,
      (stream) => known.get(keyOf(stream))?.fold ?? model.begin(),
      ({ stream, fold, version, changes }) => {
        (stream.after > 0 ? tails : whole).push(...changes);
        this.heads.set(keyOf(stream), { fold, version }, { size: Math.max(1, fold.bytes()) });
      },
      async (events) => {
        signal.throwIfAborted();
        meter.add(events);
        if (client !== reader && whole.length + tails.length > batch) await write();
      },
    );
    await write();
    await client.query(move, [model.name, this.place, position]);
    return streams.length;
  }
}

/** More changed meanwhile than writers can be asked to wait for. */
export class TooManyChanges extends Error {
  constructor(streams: number) {
    super(`${streams} streams changed meanwhile`);
  }
}

const keyOf = ({ organizationId, streamId }: Omit<StreamStart, 'after'>): string => `${organizationId}/${streamId}`;
