import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OwnerDatabase } from '../src/modules/event-store/owner-database.js';
import { OperationRunner } from '../src/modules/operations/operation-runner.js';
import type { OperationKind, OperationParameters } from '../src/modules/operations/operations.js';
import { readModels } from '../src/read-models.js';
import { runOn, startService } from './support/service.js';
import { documentOf, importSpec, readSpec } from './support/specs.js';

describe('a rebuild', () => {
  const service = startService();
  let database: OwnerDatabase;
  let runner: OperationRunner;
  beforeAll(() => {
    database = new OwnerDatabase(service.databaseUrl);
    runner = new OperationRunner(database, readModels, 2);
  });
  afterAll(() => database.close());

  const never = new AbortController().signal;
  const run = async (kind: OperationKind, projection: string, parameters: OperationParameters = {}) => {
    const operationId = randomUUID();
    await runner.operations.create({ operationId, kind, projection, parameters });
    await runner.runOne(never, operationId);
    return runner.operations.one(operationId);
  };

  test('smoke', async () => {
    const { specId } = await importSpec(service.organization, documentOf('A\tb\\c', { One: 'x\ty\\z', Two: 'b' }));
    for (const projection of ['spec', 'organization', 'template']) {
      console.log(await run('projection.rebuild', projection));
    }
    console.log(await run('projection.verify', 'spec'));
    await runOn(service.databaseUrl, `update specline.spec_section set body = 'bad' where key = 'one'`);
    console.log(JSON.stringify(await run('projection.verify', 'spec')));
    console.log(await run('projection.rollback', 'spec'));
    console.log(await readSpec(service.organization, specId));
    expect(1).toBe(1);
  });
});
