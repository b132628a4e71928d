import 'reflect-metadata';
import { parentPort, workerData } from 'node:worker_threads';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';
import type { BackgroundWork } from './background.js';
import { readConfig } from './config.js';
import { OtherForeground } from './modules/event-store/foreground.js';

/** Connections beside those of the workers themselves: what follows history may send commands and ask queries. */
const databaseConnections = 2;

/** The service's background work without its routes, until the thread that started this one says anything. */
const { databaseUrl, masterKey, foreground } = workerData as BackgroundWork;
const ending = new Promise((resolve) => parentPort?.once('message', resolve));
const options = { ...readConfig(), databaseUrl, masterKey: Buffer.from(masterKey), databaseConnections };
const app = await NestFactory.createApplicationContext(
  AppModule.with({ ...options, workers: true, foreground: new OtherForeground(foreground) }),
  { logger: ['error', 'warn'], abortOnError: false },
);
await ending;
await app.close();
process.exit(0);
