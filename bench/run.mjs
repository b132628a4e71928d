import { parseArgs } from 'node:util';
import { ensureInstalled } from './installation.mjs';
import { measures } from './measures.mjs';

const usage = 'npm run bench -- [--list] [--rounds 3] [--seconds 4] [NAME...]   (all measures without a name)';
const list = Object.entries(measures)
  .map(([name, { summary }]) => `${name.padEnd(30)} ${summary}\n`)
  .join('');

/** Seconds under load before anybody is measured: until V8 has compiled what is on the way of each request. */
const warmUp = 10;

const { values: flags, positionals } = readArguments();
if (flags.list) {
  process.stdout.write(list);
} else {
  const names = positionals.length > 0 ? positionals : Object.keys(measures);
  const unknown = names.filter((name) => !Object.hasOwn(measures, name));
  if (unknown.length > 0) refuse(`There is no measure ${unknown.join(', ')}; there are:\n${list}`);
  await run(names, { rounds: whole('rounds', 3, 100), seconds: whole('seconds', 1, 60), warmUp });
}

/**
 * @param {string[]} names
 * @param {import('./rounds.mjs').Effort} effort
 */
async function run(names, effort) {
  ensureInstalled();
  // What needs the installed packages is loaded once they are there.
  const { Workbench } = await import('./workbench.mjs');
  const workbench = new Workbench();
  for (const [signal, code] of /** @type {const} */ ([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])) {
    process.on(signal, () => void workbench.close().then(() => process.exit(code)));
  }
  try {
    await workbench.open();
    for (const name of names) {
      const measure = await measures[name].load();
      await measure(name, workbench, effort);
      await workbench.clear();
    }
  } finally {
    await workbench.close();
  }
}

function readArguments() {
  const options = /** @type {const} */ ({
    list: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '4' },
  });
  try {
    return parseArgs({ options, allowPositionals: true });
  } catch (error) {
    return refuse(`${/** @type {Error} */ (error).message}\n${usage}\n`);
  }
}

/**
 * @param {'rounds' | 'seconds'} flag
 * @param {number} least
 * @param {number} most
 */
function whole(flag, least, most) {
  const value = Number(flags[flag]);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  return refuse(`--${flag} takes a whole number from ${least} to ${most}\n${usage}\n`);
}

/**
 * @param {string} text
 * @returns {never}
 */
function refuse(text) {
  process.stderr.write(text);
  process.exit(2);
}
