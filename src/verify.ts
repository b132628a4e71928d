#!/usr/bin/env node
import { closeSync, createReadStream, existsSync, openSync, readFileSync, readSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { verifyBundle } from './modules/audit/bundle-reader.js';
import type { EarlierHistory } from './modules/audit/earlier-history.js';
import { readEarlierEvidence, verifyEvidence } from './modules/audit/evidence-reader.js';
import { InvalidPermit, readPermit, tellPermit } from './modules/audit/permit.js';
import { exitCodeOf, tellReport } from './modules/audit/verification-report.js';
import { readSeals } from './modules/audit/seal.js';
import { readPublicKeys } from './modules/audit/trusted-keys.js';

/** Wrong arguments, or a file that cannot be read. */
const wrongUse = 2;

type Options = { key: string[]; seal?: string[]; earlier?: string; json?: boolean };

const collect = (value: string, before: string[] = []): string[] => [...before, value];

/** What is read from an argument: from the contents of the file that it names, or from itself. */
function from<T>(argument: string, read: (text: string) => T): T {
  try {
    return read(existsSync(argument) ? readFileSync(argument, 'utf8') : argument);
  } catch (error) {
    throw new Error(`${argument}: ${(error as Error).message}`, { cause: error });
  }
}

/** Whether a file begins as zips do. What cannot be read is told by who reads it. */
function isZip(file: string): boolean {
  if (file === '-' || !existsSync(file)) return false;
  const descriptor = openSync(file, 'r');
  try {
    const head = Buffer.alloc(4);
    readSync(descriptor, head, 0, 4, 0);
    return ['504b0304', '504b0506'].includes(head.toString('hex'));
  } finally {
    closeSync(descriptor);
  }
}

/** The bytes of a file. */
const chunksOf = (file: string): AsyncIterable<Buffer> =>
  file === '-' ? process.stdin : createReadStream(file, { highWaterMark: 1 << 20 });

async function verify(file: string, { key, seal = [], earlier: path, json }: Options): Promise<void> {
  const keys = key.flatMap((one) => from(one, readPublicKeys));
  const seals = seal.flatMap((one) => from(one, readSeals));
  const earlier = path === undefined ? undefined : await earlierFrom(path, keys);
  const witnesses = { seals, earlier };
  const report = isZip(file)
    ? await verifyBundle(file, keys, witnesses)
    : await verifyEvidence(chunksOf(file), keys, witnesses);
  process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : tellReport(report));
  process.exitCode = exitCodeOf(report);
}

async function earlierFrom(path: string, keys: readonly string[]): Promise<EarlierHistory> {
  return readEarlierEvidence(chunksOf(path), keys).catch((error: unknown) => {
    throw new Error(`${path}: ${(error as Error).message}`, { cause: error });
  });
}

/** Offline, like everything here: that the permit was not followed by a change is what its few minutes are for. */
function permit(token: string, { key, spec, json }: Pick<Options, 'key' | 'json'> & { spec?: string }): void {
  const keys = key.flatMap((one) => from(one, readPublicKeys));
  try {
    const claims = readPermit(from(token === '-' ? '/dev/stdin' : token, String), keys, new Date());
    if (spec !== undefined && claims.sub !== spec.toLowerCase()) throw new InvalidPermit(`It is about ${claims.sub}.`);
    process.stdout.write(json ? `${JSON.stringify(claims)}\n` : tellPermit(claims));
  } catch (error) {
    if (!(error instanceof InvalidPermit)) throw error;
    process.stderr.write(`NOT VALID: ${error.message}\n`);
    process.exitCode = 1;
  }
}

const program = new Command('specline')
  .description('Checks what Specline handed out, without Specline.')
  .exitOverride();
program
  .command('verify')
  .description('Verify an evidence file or a bundle (docs/evidence.md) offline.')
  .argument('<file>', 'the file, or - for an evidence file from standard input')
  .requiredOption(
    '--key <key>',
    'a public key to believe: a file (PEM, or /.well-known/specline-keys.json), or the key itself; repeatable',
    collect,
  )
  .option('--seal <seal>', 'a seal seen earlier, which must stand in the file: a JSON file; repeatable', collect)
  .option('--earlier <file>', 'an evidence file of the organization that was kept: the file must begin with all of it')
  .option('--json', 'write the report as JSON')
  .addHelpText(
    'after',
    '\nExit codes: 0 verified, 1 something was changed, 2 wrong use, 3 incomplete or no evidence, 4 signed by an unknown key.',
  )
  .action(verify);

program
  .command('permit')
  .description('Check a permit (docs/reviews.md) offline: that a revision of a spec is approved.')
  .argument('<permit>', 'the permit, a file that holds it, or - for standard input')
  .requiredOption('--key <key>', 'a public key to believe, as for verify; repeatable', collect)
  .option('--spec <specId>', 'the spec that it must be about')
  .option('--json', 'write what it says as JSON')
  .addHelpText('after', '\nExit codes: 0 valid, 1 not valid, 2 wrong use.')
  .action(permit);

try {
  await program.parseAsync();
} catch (error) {
  const isHelp = error instanceof CommanderError && error.exitCode === 0;
  if (!(error instanceof CommanderError)) process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = isHelp ? 0 : wrongUse;
}
