import type { Command } from 'commander';
import { DeadLetters } from '../modules/event-store/dead-letters.js';
import type { Does, Setting } from './command-line.js';
import { exitCodes, uuid, wholeTo, withService } from './command-line.js';
import { table } from './terminal.js';

/** Streams that a subscription could not go on with. */
export function addParkedCommands(root: Command, does: Does): void {
  const parked = root.command('parked').description('streams that a subscription could not go on with');
  parked
    .command('list')
    .description('all of them, or those of one subscription')
    .argument('[subscription]')
    .action(does(list));
  const stream = (name: string, description: string) =>
    parked
      .command(name)
      .description(description)
      .argument('<subscription>')
      .argument('<organizationId>', 'whose stream it is', uuid)
      .argument('<streamId>', 'the stream', uuid);
  stream('replay', 'hand the events to the subscription again, in order').action(does(replay));
  stream('discard', 'give the events up')
    .requiredOption('--up-to <version>', 'the last event of the stream to give up', wholeTo(Number.MAX_SAFE_INTEGER))
    .requiredOption('--reason <text>', 'why, to be kept with them')
    .action(does(discard));
}

async function list(setting: Setting, subscription: string | undefined): Promise<number> {
  const parked = await withService(setting, (service) =>
    service.get(DeadLetters, { strict: false }).list(subscription),
  );
  setting.terminal.result({ parked }, table(parked));
  return exitCodes.done;
}

async function replay(
  setting: Setting,
  subscription: string,
  organizationId: string,
  streamId: string,
): Promise<number> {
  const outcome = await withService(setting, (service) =>
    service.get(DeadLetters, { strict: false }).replay({ subscription, organizationId, streamId }),
  );
  const { replayed, left, error } = outcome;
  setting.terminal.result(outcome, `${replayed} events replayed, ${left} left${error === null ? '' : `: ${error}`}`);
  return error === null ? exitCodes.done : exitCodes.failed;
}

async function discard(
  setting: Setting,
  subscription: string,
  organizationId: string,
  streamId: string,
  { upTo, reason }: { upTo: number; reason: string },
): Promise<number> {
  const discarded = await withService(setting, (service) =>
    service.get(DeadLetters, { strict: false }).discard({ subscription, organizationId, streamId }, upTo, reason),
  );
  setting.terminal.result({ discarded }, `${discarded} events discarded`);
  return exitCodes.done;
}
