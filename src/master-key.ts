import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import type { Config } from './config.js';
import { oneAtATime } from './migrate.js';
import { SecretBox } from './modules/event-store/secret-box.js';
import { StartError } from './start-error.js';

const checkName = 'master-key-check';
const readCheck = 'select value from specline.server_secret where name = $1';
const writeCheck = 'insert into specline.server_secret (name, value) values ($1, $2)';

/**
 * The key that the secrets of a migrated database are sealed under: SPECLINE_MASTER_KEY, or else the file `master.key`
 * of the data directory, which the first start makes.
 * @returns 32 bytes
 * @throws StartError when the secrets of this database are sealed under another key
 */
export async function masterKeyOf(
  { masterKey, dataDir }: Pick<Config, 'masterKey' | 'dataDir'>,
  databaseUrl: string,
): Promise<Buffer> {
  const file = join(dataDir, 'master.key');
  return oneAtATime(databaseUrl, async (login) => {
    const check = await checkOf(login);
    const given = masterKey ?? readKey(file);
    if (!given && check) {
      throw new StartError(
        `The secrets of this database are sealed under a master key that is not here: set SPECLINE_MASTER_KEY, or put the file ${file} back.`,
      );
    }
    const key = given ?? makeKey(file, dataDir);
    if (!check) await login.query(writeCheck, [checkName, sealedCheck(key)]);
    else if (!opens(check, key)) {
      throw new StartError(
        `The secrets of this database are sealed under another master key than ${masterKey ? 'SPECLINE_MASTER_KEY' : file}.`,
      );
    }
    return key;
  });
}

async function checkOf(login: pg.Client): Promise<string | undefined> {
  const { rows } = await login.query<{ value: string }>(readCheck, [checkName]);
  return rows[0]?.value;
}

const sealedCheck = (key: Buffer): string => new SecretBox(key).seal(Buffer.alloc(0), checkName).toString('base64');

function opens(check: string, key: Buffer): boolean {
  try {
    new SecretBox(key).open(Buffer.from(check, 'base64'), checkName);
    return true;
  } catch {
    return false;
  }
}

function readKey(file: string): Buffer | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new StartError(`The master key in ${file} cannot be read: ${(error as Error).message}`);
  }
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length !== 32) throw new StartError(`The file ${file} holds no master key: 32 bytes as base64.`);
  return key;
}

/** The file appears whole or not at all, and never in the place of another. */
function makeKey(file: string, dataDir: string): Buffer {
  const key = randomBytes(32);
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(draft, `${key.toString('base64')}\n`, { mode: 0o600, flush: true });
    linkSync(draft, file);
  } catch (error) {
    throw new StartError(
      `No master key can be kept in ${file}, and SPECLINE_MASTER_KEY is not set: ${(error as Error).message}`,
    );
  } finally {
    rmSync(draft, { force: true });
  }
  return key;
}
