import type { Command } from 'commander';
import { Sealer } from '../modules/audit/sealer.js';
import { StartError } from '../start-error.js';
import type { Does, Setting } from './command-line.js';
import { exitCodes, uuid, withService } from './command-line.js';
import { table } from './terminal.js';

/** Has everything sealed that was written so far. */
export function addSealCommand(root: Command, does: Does): void {
  root
    .command('seal')
    .description('wait until everything that was written before is sealed')
    .argument('[organizationId]', 'tell of this organization only', uuid)
    .action(does(seal));
}

async function seal(setting: Setting, organizationId: string | undefined): Promise<number> {
  const sealed = await withService(setting, (service) =>
    service
      .get(Sealer, { strict: false })
      .sealNow(organizationId)
      .catch((error: Error) => {
        throw new StartError(error.message);
      }),
  );
  setting.terminal.result({ sealed }, table(sealed));
  return exitCodes.done;
}
