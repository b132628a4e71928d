import 'reflect-metadata';
import { readFileSync, writeFileSync } from 'node:fs';
import { createApp } from '../src/app.js';
import { openApiDocument } from '../src/modules/http/openapi.js';
import { readEventTypes } from '../src/modules/webhooks/event-types.js';
import { webhookOperations } from './webhook-operations.js';

// Writes openapi/openapi.json from the controllers; with --check only compares. Runs from the build, where the
// swagger plugin has read types and comments; no database is asked.
const file = 'openapi/openapi.json';
const options = {
  databaseUrl: 'postgres://nobody@127.0.0.1:1/none',
  masterKey: Buffer.alloc(32),
  operatorKey: undefined,
  databaseConnections: 2,
};
const app = await createApp(options, { connect: false });
const webhooks = webhookOperations(readEventTypes());
const text = `${JSON.stringify({ ...openApiDocument(app), webhooks }, null, 2)}\n`;

if (!process.argv.includes('--check')) writeFileSync(file, text);
else if (readFileSync(file, 'utf8') !== text) {
  process.stderr.write(`${file} is not what the controllers say: run npm run openapi and commit it\n`);
  process.exit(1);
}
process.exit(0);
