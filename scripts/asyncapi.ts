import 'reflect-metadata';
import { readFileSync, writeFileSync } from 'node:fs';
import { asyncApiDocument } from './asyncapi-document.js';
import { readEventShapes } from './event-shapes.js';
import { eventTypes } from './event-types.js';

// Writes openapi/asyncapi.json and openapi/event-types.json from the event catalogues; with --check only compares. Reads
// the sources of src/events.
const shapes = readEventShapes();
const types = eventTypes(shapes);
const files = {
  'openapi/asyncapi.json': asyncApiDocument(shapes, types),
  'openapi/event-types.json': { items: types },
};

for (const [file, content] of Object.entries(files)) {
  const text = `${JSON.stringify(content, null, 2)}\n`;
  if (!process.argv.includes('--check')) writeFileSync(file, text);
  else if (readFileSync(file, 'utf8') !== text) {
    process.stderr.write(`${file} is not what the event catalogues say: run npm run asyncapi and commit it\n`);
    process.exitCode = 1;
  }
}
