import { readConfig } from '../src/config.js';
import { migrate } from '../src/migrate.js';
import { databaseProblem, isOfDatabase, StartError } from '../src/start-error.js';

// Brings the database of DATABASE_URL to the schema of this program; `npm start` does the same by itself.
let url = '';
try {
  const { databaseUrl } = readConfig();
  if (!databaseUrl) {
    throw new StartError('Set DATABASE_URL: without it, npm start migrates the database that it starts itself.');
  }
  url = databaseUrl;
  const ran = await migrate(url);
  process.stdout.write(ran.length > 0 ? `ran ${ran.join(', ')}\n` : 'nothing to do\n');
} catch (error) {
  const problem = isOfDatabase(error) ? databaseProblem(error, url) : error;
  process.stderr.write(`${problem instanceof StartError ? problem.message : (problem as Error).stack}\n`);
  process.exitCode = 1;
}
