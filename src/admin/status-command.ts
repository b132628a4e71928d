import type { Command } from 'commander';
import { OwnerDatabase } from '../modules/event-store/owner-database.js';
import { Subscriptions } from '../modules/event-store/subscriptions.js';
import { Watermark } from '../modules/event-store/watermark.js';
import { OperationRunner } from '../modules/operations/operation-runner.js';
import type { Does, Setting } from './command-line.js';
import { exitCodes, withService } from './command-line.js';
import { table } from './terminal.js';

const besides = `select projection, place, phase, verified, position::float8,
    to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "since"
  from specline.rebuild order by projection, place`;

type Beside = {
  projection: string;
  place: string;
  phase: string;
  verified: boolean;
  position: number;
  since: string;
};

/** How far history is final, how far its subscribers are, and what stands beside the live tables. */
export function addStatusCommand(root: Command, does: Does): void {
  root.command('status').description('how far everything is').action(does(showStatus));
}

async function showStatus(setting: Setting): Promise<number> {
  const [watermark, subscriptions, operations, beside] = await withService(setting, (service) =>
    Promise.all([
      service.get(Watermark, { strict: false }).status(),
      service.get(Subscriptions, { strict: false }).status(),
      service.get(OperationRunner, { strict: false }).operations.newest(10),
      service.get(OwnerDatabase, { strict: false }).query<Beside>(besides),
    ]),
  );
  const { position, lastPosition, lagEvents, lagMilliseconds } = watermark;
  const text = [
    `History is final up to ${position} of ${lastPosition}: ${lagEvents} events behind, ${lagMilliseconds} ms.`,
    `\nSubscriptions\n${table(
      subscriptions.map(({ name, shards, parkedStreams, parkedEvents }) => ({
        name,
        position: Math.min(...shards.map((shard) => shard.position)),
        behind: Math.max(...shards.map((shard) => shard.lagEvents)),
        'parked streams': parkedStreams,
        'parked events': parkedEvents,
        problem: shards.find(({ error }) => error)?.error ?? '',
      })),
    )}`,
    `\nTables beside the live ones\n${table(beside.map((row) => ({ ...row, verified: String(row.verified) })))}`,
    `\nOperations\n${table(
      operations.map(({ operationId, kind, projection, status, progress, problem }) => ({
        operationId,
        kind,
        projection,
        status,
        progress: status === 'running' ? `${progress.phase} ${progress.percent} %` : '',
        problem,
      })),
    )}`,
  ];
  setting.terminal.result({ watermark, subscriptions, rebuilds: beside, operations }, text.join('\n'));
  return exitCodes.done;
}
