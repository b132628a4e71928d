import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { startService } from './support/service.js';
import { documentOf, importSpec } from './support/specs.js';
import { createEndpoint, onLoopback } from './support/webhooks.js';

const service = startService(() => ({ webhooks: onLoopback }));

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

test('the receiver in docs/webhooks.md verifies what it is sent, and refuses what is not signed', async () => {
  const [, code = ''] = /```js\n([\s\S]+?)```/.exec(readFileSync('docs/webhooks.md', 'utf8')) ?? [];
  // Within the package, so that it finds the public one.
  const folder = mkdtempSync(join('test', 'receiver-'));
  const file = join(folder, 'receiver.mjs');
  writeFileSync(file, code);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const { secret } = await createEndpoint(service.organization, url, { eventTypes: ['spec.*'] });
  const env = { ...process.env, WEBHOOK_SECRET: secret, PORT: String(port) };
  const receiver = spawn(process.execPath, [file], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    let said = '';
    receiver.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await vi.waitFor(() => expect(said).toContain('ready'), 20_000);
    const { specId } = await importSpec(service.organization, documentOf('Alerts', { Overview: 'Old.' }));
    await vi.waitFor(() => expect(said).toMatch(new RegExp(`spec.document.imported .*/specs/${specId}`)), 20_000);
    expect((await fetch(url, { method: 'POST', body: '{}' })).status).toBe(400);
  } finally {
    receiver.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  }
});
