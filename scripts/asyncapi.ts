import 'reflect-metadata';
import { readFileSync, writeFileSync } from 'node:fs';
import { asyncApiDocument } from './asyncapi-document.js';
import { readEventShapes } from './event-shapes.js';

// Writes openapi/asyncapi.json from the event catalogues; with --check only compares. Reads the sources of src/events.
const file = 'openapi/asyncapi.json';
const text = `${JSON.stringify(asyncApiDocument(readEventShapes()), null, 2)}\n`;

if (!process.argv.includes('--check')) writeFileSync(file, text);
else if (readFileSync(file, 'utf8') !== text) {
  process.stderr.write(`${file} is not what the event catalogues say: run npm run asyncapi and commit it\n`);
  process.exitCode = 1;
}
