import 'reflect-metadata';
import { createApp } from './app.js';
import { ConfigError, readConfig } from './config.js';
import { startLocalPostgres } from './local-postgres.js';
import { migrate } from './migrate.js';
import { Bootstrap } from './modules/organizations/bootstrap.js';
import { announce } from './announce.js';

try {
  const config = readConfig();
  const local = config.databaseUrl ? undefined : await startLocalPostgres(config.dataDir);
  let stopping: Promise<void> | undefined;
  let close = () => Promise.resolve();
  const stop = (code: number) =>
    (stopping ??= close()
      .then(() => local?.stop())
      .then(() => process.exit(code)));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop(0));
  try {
    const databaseUrl = config.databaseUrl ?? local?.url ?? '';
    await migrate(databaseUrl);
    const app = await createApp({ ...config, databaseUrl });
    close = () => app.close();
    const created = await app.get(Bootstrap).run(config.bootstrap);
    await app.listen(config.port, config.host);
    announce(await app.getUrl(), config, created);
  } catch (error) {
    await local?.stop();
    throw error;
  }
} catch (error) {
  process.stderr.write(`${error instanceof ConfigError ? error.message : String((error as Error).stack)}\n`);
  process.exit(1);
}
