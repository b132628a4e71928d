import { Command, CommanderError } from 'commander';
import { exitCodes, inSetting } from './command-line.js';
import type { Does, Setting } from './command-line.js';
import { addColdCommand } from './cold-command.js';
import { addOperationCommands } from './operation-commands.js';
import { addParkedCommands } from './parked-commands.js';
import { addSealCommand } from './seal-command.js';
import { addStatusCommand } from './status-command.js';

const about = `Operates a Specline: on the database of DATABASE_URL, or on the PostgreSQL that a running service keeps in
its data directory (SPECLINE_DATA_DIR). docs/operations.md tells more.`;

/**
 * Runs one command line.
 * @param words as in process.argv
 * @returns the exit code
 */
export async function program(words: readonly string[]): Promise<number> {
  const root = new Command('specline-admin').description(about).option('--json', 'JSON on stdout, one line each');
  root.exitOverride().showHelpAfterError();
  let exitCode: number = exitCodes.done;
  const does: Does =
    <Words extends unknown[]>(work: (setting: Setting, ...words: Words) => Promise<number>) =>
    async (...given: unknown[]) => {
      const { json = false } = root.opts<{ json?: boolean }>();
      exitCode = await inSetting(json, (setting) => work(setting, ...(given as Words)));
    };
  addStatusCommand(root, does);
  addOperationCommands(root, does);
  addParkedCommands(root, does);
  addSealCommand(root, does);
  addColdCommand(root, does);
  try {
    await root.parseAsync([...words]);
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.misused;
    throw error;
  }
}
