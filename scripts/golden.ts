import { readEventShapes } from './event-shapes.js';
import { goldenEvents, writeMissing, writeState } from './golden-history.js';

// Writes the golden files of event types and schema versions that have none; what is there stays as it is. With
// --states it takes down anew what all of them fold to, after a change of a state's form: read the difference.
const written = writeMissing(readEventShapes());
process.stdout.write(written.map((name) => `test/history/${name}.json\n`).join('') || 'no golden file is missing\n');
if (process.argv.includes('--states')) for (const name of goldenEvents().keys()) writeState(name);
