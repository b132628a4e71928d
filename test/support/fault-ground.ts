import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, inject } from 'vitest';
import type { ServiceProcess } from './fault-process.js';
import { startProcess } from './fault-process.js';
import { runOn } from './service.js';
import { diaryTable } from './workers.js';

/** A database of its own for the faults of a file, and processes of the service on it. */
export type FaultGround = {
  databaseUrl: string;
  /** Starts a process; what still runs at the end of the file is killed. */
  start(options?: { clock?: number; settings?: Record<string, string> }): Promise<ServiceProcess>;
};

/** A new database of a server, with the table that the recording subscription writes to. */
export async function newDatabase(server: string, template = 'specline_template'): Promise<string> {
  const name = `t_${randomUUID().replaceAll('-', '')}`;
  await runOn(server, `create database ${name} template ${template}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  if (template === 'specline_template') await runOn(url.href, diaryTable);
  return url.href;
}

/** @param database makes the database, by default on the server of the test run, and says how to be rid of it */
export function faultGround(
  database: () => Promise<{ url: string; drop: () => Promise<unknown> }> = onTestServer,
): FaultGround {
  const ground = {} as FaultGround;
  const processes: ServiceProcess[] = [];
  let drop: () => Promise<unknown>;
  beforeAll(async () => {
    const made = await database();
    drop = made.drop;
    ground.databaseUrl = made.url;
    ground.start = async (options) => {
      const started = await startProcess(made.url, options);
      processes.push(started);
      return started;
    };
  });
  afterAll(async () => {
    await Promise.all(processes.map((one) => one.end()));
    await drop();
  });
  return ground;
}

async function onTestServer(): Promise<{ url: string; drop: () => Promise<unknown> }> {
  const server = inject('postgresUrl');
  const url = await newDatabase(server);
  return { url, drop: () => runOn(server, `drop database ${new URL(url).pathname.slice(1)} with (force)`) };
}
