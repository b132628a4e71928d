import { readConfig } from '../src/config.js';
import { migrate } from '../src/migrate.js';

// Brings the database of DATABASE_URL to the schema of this program; `npm start` does the same by itself.
const { databaseUrl } = readConfig();
if (!databaseUrl) {
  process.stderr.write('Set DATABASE_URL: without it, npm start migrates the database that it starts itself.\n');
  process.exit(1);
}
const ran = await migrate(databaseUrl);
process.stdout.write(ran.length > 0 ? `ran ${ran.join(', ')}\n` : 'nothing to do\n');
