import type { Command } from 'commander';
import { ColdHistory } from '../modules/event-store/cold-history.js';
import type { Does, Setting } from './command-line.js';
import { exitCodes, wholeTo, withService } from './command-line.js';

const day = 86_400_000;
const mostDays = 36_500;

/** Tells how much of history is kept apart, and moves what has been archived for long enough. */
export function addColdCommand(root: Command, does: Does): void {
  root
    .command('cold')
    .description('how much history of archived specs is kept apart')
    .option('--move <days>', 'move what has been archived for so many days', wholeTo(mostDays, 0))
    .action(does(cold));
}

async function cold(setting: Setting, { move }: { move?: number }): Promise<number> {
  const [moved, status] = await withService(setting, async (service) => {
    const history = service.get(ColdHistory, { strict: false });
    const result = move === undefined ? null : await history.move(new Date(Date.now() - move * day));
    return [result, await history.status()] as const;
  });
  const words = `${status.events} events of ${status.streams} archived specs are kept apart`;
  const now = moved && `; ${moved.events} of ${moved.streams} were moved just now`;
  setting.terminal.result({ ...status, moved }, `${words}${now ?? ''}`);
  return exitCodes.done;
}
