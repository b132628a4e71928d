import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

/** The folder of all modules. */
export const modules = new URL('../', import.meta.url);
const program = /(?<!\.spec|\.d)\.[jt]s$/;

/** Every file that a fold may run, fixed by the rules for imports: what a decider may see. */
export function foldFiles(): URL[] {
  const features = readdirSync(modules, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [
    ...filesOf(new URL('../../commands/', import.meta.url), program),
    ...filesOf(new URL('../../events/', import.meta.url), program),
    ...filesOf(new URL('markdown/', modules), program),
    ...filesOf(new URL('event-store/', modules), /^decider\.[jt]s$/),
    ...features.flatMap(({ name }) => filesOf(new URL(`${name}/`, modules), /\.decider\.[jt]s$/)),
  ];
}

/** The files of a folder whose names match, in order. */
export function filesOf(folder: URL, name: RegExp): URL[] {
  const names = readdirSync(folder).filter((file) => name.test(file));
  return names.sort().map((file) => new URL(file, folder));
}

/**
 * A name for the code that folds events into states: SHA-256, hex, over those files. A state that other code folded is
 * never taken for this one's.
 */
export const foldVersion: string = (() => {
  const hash = createHash('sha256');
  for (const file of foldFiles()) hash.update(file.pathname.slice(modules.pathname.length)).update(readFileSync(file));
  return hash.digest('hex');
})();
