import type { ClientBase } from 'pg';
import type { RowChange } from './projection-tables.js';
import { LastChanges } from './projection-tables.js';
import type { StreamFold } from './read-model.js';
import type { StreamStart } from './rebuild-history.js';
import { readHistory } from './rebuild-history.js';

/** A stream, folded to its end. */
export type FoldedStream = {
  stream: StreamStart;
  fold: StreamFold;
  /** The last version. */
  version: number;
  events: number;
  /** What becomes of each row that the events touched. */
  changes: RowChange[];
};

/**
 * Folds streams from history, one after the other.
 *
 * @param begin gives the state that a stream's first event is applied to
 * @param onFolded gets each stream as it ends
 * @param afterPiece is awaited from time to time, with the number of events since: reading waits for it
 */
export async function foldHistory(
  client: ClientBase,
  streams: readonly StreamStart[],
  begin: (stream: StreamStart) => StreamFold,
  onFolded: (folded: FoldedStream) => void,
  afterPiece: (events: number) => Promise<void> | void = () => undefined,
): Promise<void> {
  let current: (Omit<FoldedStream, 'changes'> & { rows: LastChanges }) | undefined;
  let counted = 0;
  const end = () => {
    if (!current) return;
    const { rows, ...folded } = current;
    onFolded({ ...folded, changes: rows.all() });
  };
  await readHistory(
    client,
    streams,
    (event) => {
      if (current?.stream.streamId !== event.streamId || current.stream.organizationId !== event.organizationId) {
        end();
        const { organizationId, streamId } = event;
        const stream = { organizationId, streamId, after: event.version - 1 };
        current = { stream, fold: begin(stream), version: 0, events: 0, rows: new LastChanges() };
      }
      current.rows.add(current.fold.apply(event));
      current.version = event.version;
      current.events++;
      counted++;
    },
    async () => {
      const events = counted;
      counted = 0;
      await afterPiece(events);
    },
  );
  end();
}
