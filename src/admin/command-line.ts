import type { INestApplicationContext } from '@nestjs/common';
import { InvalidArgumentError } from 'commander';
import { validate as isUuid } from 'uuid';
import type { Config } from '../config.js';
import { readConfig } from '../config.js';
import { runningLocalPostgres } from '../local-postgres-running.js';
import { databaseProblem, isOfDatabase, StartError } from '../start-error.js';
import { Terminal } from './terminal.js';

/** What a shell learns of a command (docs/operations.md). */
export const exitCodes = {
  done: 0,
  failed: 1,
  /** The command line itself is wrong. */
  misused: 2,
  /** Tables are not what history says. */
  differs: 3,
  cancelled: 4,
} as const;

/** What a command works with. */
export type Setting = { config: Config; databaseUrl: string; terminal: Terminal };

/** Makes a command's action of what it does with its setting and its words; the answer is an exit code. */
export type Does = <Words extends unknown[]>(
  work: (setting: Setting, ...words: Words) => Promise<number>,
) => (...words: unknown[]) => Promise<void>;

/**
 * Runs work on the database of DATABASE_URL, or of the service that runs on the data directory.
 * @returns the exit code; what goes wrong is told in one line
 */
export async function inSetting(json: boolean, work: (setting: Setting) => Promise<number>): Promise<number> {
  const terminal = new Terminal(json);
  let databaseUrl = '';
  try {
    const config = readConfig();
    databaseUrl = config.databaseUrl ?? (await runningLocalPostgres(config.dataDir));
    return await work({ config, databaseUrl, terminal });
  } catch (error) {
    const problem = isOfDatabase(error) ? databaseProblem(error, databaseUrl) : (error as Error);
    terminal.problem(problem instanceof StartError ? problem.message : (problem.stack ?? problem.message));
    return exitCodes.failed;
  }
}

/** The service's parts without its routes and its background work, for as long as a command needs them. */
export async function withService<T>(
  { config, databaseUrl }: Setting,
  work: (service: INestApplicationContext) => Promise<T>,
): Promise<T> {
  // Loading all of the service costs more than most commands take, and most do without.
  const [{ NestFactory }, { AppModule }, { masterKeyOf }] = await Promise.all([
    import('@nestjs/core'),
    import('../app.module.js'),
    import('../master-key.js'),
  ]);
  const masterKey = await masterKeyOf(config, databaseUrl);
  const options = { ...config, databaseUrl, masterKey, databaseConnections: 2, workers: false };
  const service = await NestFactory.createApplicationContext(AppModule.with(options), {
    logger: ['error'],
    abortOnError: false,
  });
  try {
    return await work(service);
  } finally {
    await service.close();
  }
}

/** An argument that is a UUID, in lower case. */
export function uuid(text: string): string {
  if (!isUuid(text)) throw new InvalidArgumentError('It must be a UUID.');
  return text.toLowerCase();
}

/** An argument that is a whole number from 1 on. */
export const wholeTo =
  (most: number, least = 1) =>
  (text: string) => {
    const value = /^\d{1,16}$/.test(text) ? Number(text) : -1;
    if (value < least || value > most) {
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    }
    return value;
  };
