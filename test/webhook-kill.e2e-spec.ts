import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ServiceProcess } from './support/fault-process.js';
import { startProcess } from './support/fault-process.js';
import { startService } from './support/service.js';
import { diaryTable } from './support/workers.js';
import { runOn } from './support/service.js';
import { documentOf, importSpec } from './support/specs.js';
import { createEndpoint, onLoopback, startReceiver } from './support/webhooks.js';

/** WEBHOOK_KILLS sets how often one of WEBHOOK_PROCESSES is killed: a few times in the suite; fifty, of eight, for a proof. */
const kills = Number(process.env.WEBHOOK_KILLS ?? 4);
const processes = Number(process.env.WEBHOOK_PROCESSES ?? 3);
const specs = 8;
const document = documentOf('Alerts', { Overview: 'Old.' });

describe('while processes are killed', () => {
  const service = startService(() => ({ webhooks: onLoopback, workers: false }));
  const receiver = startReceiver();
  const running: ServiceProcess[] = [];
  const settings = { SPECLINE_WEBHOOK_ALLOWED_NETWORKS: '127.0.0.1/32', SPECLINE_WEBHOOK_ALLOW_HTTP: 'true' };
  const start = async () => void running.push(await startProcess(service.databaseUrl, { settings }));

  const versionsOf = async (specIds: string[]) => {
    const read = `select stream_id, version::int from specline.stream where stream_id in ('${specIds.join("', '")}')`;
    const { rows } = await runOn(service.databaseUrl, read);
    return new Map((rows as { stream_id: string; version: number }[]).map((row) => [row.stream_id, row.version]));
  };

  beforeAll(async () => {
    await runOn(service.databaseUrl, diaryTable);
    await Promise.all(Array.from({ length: processes }, start));
  });
  afterAll(() => Promise.all(running.map((one) => one.end())));

  test(
    'nothing is lost, the order of each spec is kept, and only what was under way comes twice',
    { timeout: 90_000 + kills * 40_000 },
    async () => {
      const { organization } = service;
      // A receiver that takes its time, so that something is always under way.
      receiver.respond = async (_, response) => {
        await setTimeout(20);
        response.writeHead(204).end();
      };
      await createEndpoint(organization, `${receiver.url}/ordered`, {
        eventTypes: ['spec.*'],
        // A machine that is busy with so many processes answers late, and a second refusal in a row is minutes.
        timeoutSeconds: 5,
        maxConcurrent: specs,
      });
      const imported = await Promise.all(Array.from({ length: specs }, () => importSpec(organization, document)));
      let isEnding = false;
      const write = async (specId: string) => {
        for (let n = 0; !isEnding; n++) {
          const body = { body: `Edit ${n}.` };
          const edit = organization.request('patch', `/specs/${specId}/sections/overview`).set('if-match', '*');
          const { status } = await edit.send(body);
          // A machine that is busy with starting processes may have no time for a request: it is not what is tested.
          expect([200, 503]).toContain(status);
          await setTimeout(100);
        }
      };
      const writing = Promise.all(imported.map(({ specId }) => write(specId)));
      for (let kill = 0; kill < kills; kill++) {
        await setTimeout(500);
        await running.shift()?.end('SIGKILL');
        await start();
      }
      isEnding = true;
      await writing;
      const versions = await versionsOf(imported.map(({ specId }) => specId));
      const total = [...versions.values()].reduce((sum, version) => sum + version, 0);
      const ids = () => new Set(receiver.at('/ordered').map(({ headers }) => headers['webhook-id']));
      await vi.waitFor(() => expect(ids().size).toBe(total), { timeout: 80_000, interval: 250 });
      for (const [specId, last] of versions) {
        const heard = receiver
          .at('/ordered')
          .flatMap(({ message }) => (message.subject === specId ? [Number(message.data.version)] : []));
        // A repetition of what was under way stands right behind it: nothing ever went past.
        expect([...new Set(heard)]).toEqual(Array.from({ length: last }, (_, n) => n + 1));
        expect(heard).toEqual([...heard].sort((a, b) => a - b));
      }
      const repeated = receiver.at('/ordered').length - total;
      expect(repeated).toBeLessThanOrEqual(kills * specs);
      process.stderr.write(`${total} messages, ${kills} kills, ${repeated} came twice\n`);
    },
  );
});
