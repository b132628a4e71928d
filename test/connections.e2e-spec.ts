import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Database } from '../src/modules/event-store/database.js';
import { OwnerDatabase } from '../src/modules/event-store/owner-database.js';
import { WorkerDatabase } from '../src/modules/event-store/worker-database.js';
import { startService } from './support/service.js';

const settings = {
  name: 'test.settings',
  text: `select current_user as "role", current_setting('jit') as "jit"`,
};
type Settings = { role: string; jit: string };

describe('no connection compiles its statements, which takes longer than to run them:', () => {
  const service = startService();
  let owner: OwnerDatabase;
  beforeAll(() => {
    owner = new OwnerDatabase(service.databaseUrl);
  });
  afterAll(() => owner.close());

  test('of requests', async () => {
    const rows = await service.app.get(Database).call<Settings>(settings, []);
    expect(rows).toEqual([{ role: 'specline_app', jit: 'off' }]);
  });

  test('of workers', async () => {
    const workers = service.app.get(WorkerDatabase);
    expect(await workers.query<Settings>(settings)).toEqual([{ role: 'specline_worker', jit: 'off' }]);
    const client = workers.dedicated('');
    await client.connect();
    const { rows } = await client.query<Settings>(settings.text).finally(() => client.end());
    expect(rows).toEqual([{ role: 'specline_worker', jit: 'off' }]);
  });

  test('of operations', async () => {
    expect(await owner.query<Settings>(settings.text)).toMatchObject([{ jit: 'off' }]);
  });
});
