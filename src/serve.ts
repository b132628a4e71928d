import 'reflect-metadata';
import { setTimeout } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { announceFirstKey, announceService } from './announce.js';
import { createApp } from './app.js';
import { Background } from './background.js';
import type { Config } from './config.js';
import { readConfig } from './config.js';
import type { LocalPostgres } from './local-postgres.js';
import { startLocalPostgres } from './local-postgres.js';
import { masterKeyOf } from './master-key.js';
import { migrate, oneAtATime } from './migrate.js';
import { Bootstrap } from './modules/organizations/bootstrap.js';
import { databaseProblem, isOfDatabase, StartError } from './start-error.js';

/** How long requests under way may still take: less than the ten seconds after which Docker kills. */
const patience = 8_000;

/** What there is to stop, as far as it was started. */
type Running = { local?: Promise<LocalPostgres>; app?: Promise<NestFastifyApplication>; background?: Background };

/**
 * Starts the service as the environment says and runs it until the signal aborts or its database is lost. Requests under
 * way are answered then, and a PostgreSQL of our own ends behind them. A failure is told in one line.
 * @returns the exit code
 */
export async function serve(end: AbortSignal): Promise<number> {
  const running: Running = {};
  try {
    // What fails after the end was asked for is no failure: the promise is settled by then.
    await new Promise<void>((resolve, reject) => {
      if (end.aborted) resolve();
      end.addEventListener('abort', () => resolve());
      start(readConfig(), running, end, reject).catch(reject);
    });
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof StartError ? error.message : (error as Error).stack}\n`);
    return 1;
  } finally {
    await stop(running);
  }
}

async function start(
  config: Config,
  running: Running,
  signal: AbortSignal,
  onLost: (error: unknown) => void,
): Promise<void> {
  signal.throwIfAborted();
  if (!config.databaseUrl) running.local = startLocalPostgres(config.dataDir, [], { signal, onLost });
  const databaseUrl = config.databaseUrl ?? (await running.local)?.url ?? '';
  try {
    await migrate(databaseUrl);
    signal.throwIfAborted();
    const masterKey = await masterKeyOf(config, databaseUrl);
    signal.throwIfAborted();
    // First: it takes as long to load as the service does, and does so on its own.
    if (config.workers) running.background = new Background(databaseUrl, masterKey);
    const app = await (running.app = createApp({ ...config, databaseUrl, masterKey, workers: false }));
    signal.throwIfAborted();
    const created = await oneAtATime(databaseUrl, () => app.get(Bootstrap).run(config.bootstrap));
    // At once: a key that was made and never shown, since the port is taken, would be lost.
    if (created) announceFirstKey(created, config);
    announceService(await listen(app, config), created);
  } catch (error) {
    throw isOfDatabase(error) ? databaseProblem(error, databaseUrl) : error;
  }
}

/** Where the service can be reached. Fastify is asked itself, since Nest would log a failure with its stack. */
async function listen(app: NestFastifyApplication, { host, port }: Config): Promise<string> {
  try {
    return await app.getHttpAdapter().getInstance().listen({ host, port });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') throw new StartError(`PORT ${port} of ${host} is taken: set PORT to another.`);
    throw new StartError(`Nothing can listen on HOST ${host}, PORT ${port}: ${message}`);
  }
}

async function stop({ app, background, local }: Running): Promise<void> {
  const closed = app?.then((one) => one.close()).catch(() => undefined);
  await Promise.race([Promise.all([closed, background?.stop()]), closed && setTimeout(patience)]);
  await (await local?.catch(() => undefined))?.stop();
}
