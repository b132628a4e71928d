import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { filesOf, foldVersion, modules } from './fold-version.js';

/**
 * A name for the code that fills read models from history: SHA-256, hex, over the code that folds and every projection.
 * Tables that other code has begun to fill are not filled on.
 */
export const projectionVersion: string = (() => {
  const hash = createHash('sha256').update(foldVersion);
  const features = readdirSync(modules, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const files = [
    ...filesOf(new URL('event-store/', modules), /^projection-tables\.[jt]s$/),
    ...features.flatMap(({ name }) => filesOf(new URL(`${name}/`, modules), /\.projection\.[jt]s$/)),
  ];
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest('hex');
})();
