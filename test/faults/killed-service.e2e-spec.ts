import { setTimeout } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { verifyEvidence } from '../../src/modules/audit/evidence-reader.js';
import { readPublicKeys } from '../../src/modules/audit/trusted-keys.js';
import { faultGround } from '../support/fault-ground.js';
import { Load } from '../support/fault-load.js';
import type { ServiceProcess } from '../support/fault-process.js';
import { apiKey, organizationId } from '../support/fault-process.js';
import { FeedFollower } from '../support/feed-follower.js';
import { checkHistory } from '../support/history-check.js';
import { runOn } from '../support/service.js';
import { startReceiver } from '../support/webhooks.js';

/** SERVICE_KILLS sets how often: a few times in the suite, twenty for a proof. */
const kills = Number(process.env.SERVICE_KILLS ?? 5);
const ground = faultGround();
const receiver = startReceiver();
const settings = { SPECLINE_WEBHOOK_ALLOWED_NETWORKS: '127.0.0.1/32', SPECLINE_WEBHOOK_ALLOW_HTTP: 'true' };

test(
  'a service that is killed again and again has its feed, its trail, its messages and its seals follow history whole',
  { timeout: 60_000 + kills * 15_000 },
  async () => {
    let service: ServiceProcess = await ground.start({ settings });
    const target = () => service.url;
    const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
    const path = () => `${service.url}/v1/organizations/${organizationId}`;
    const endpoint = { url: `${receiver.url}/killed`, eventTypes: ['spec.*'], timeoutSeconds: 5 };
    const made = await fetch(`${path()}/webhook-endpoints`, {
      method: 'POST',
      headers,
      body: JSON.stringify(endpoint),
    });
    expect(made.status).toBe(201);

    const load = new Load(target);
    load.pause = 20;
    const follower = new FeedFollower(target, 'ci');
    const following = follower.run();
    const writing = load.run(Infinity, 8);
    for (let kill = 0; kill < kills; kill++) {
      await setTimeout(500 + Math.random() * 700);
      await service.end('SIGKILL');
      service = await ground.start({ settings });
    }
    load.stop();
    await writing;

    const { findings, checked } = await checkHistory(ground.databaseUrl, load.writes);
    expect(findings.slice(0, 20)).toEqual([]);
    expect(load.wrongAnswers()).toEqual([]);

    const { rows } = await runOn(
      ground.databaseUrl,
      `select event_id as id, seq, type from specline.event where organization_id = '${organizationId}' order by seq`,
    );
    const ids = rows.map(({ id }) => id);
    const dealt = () => follower.dealt.map(({ id }) => id);
    await vi.waitFor(() => expect(dealt()).toHaveLength(ids.length), { timeout: 20_000, interval: 250 });
    follower.stop();
    await following;
    expect(dealt()).toEqual(ids);
    // Only a page whose commit was under way when the service died is given again.
    expect(follower.given.length - follower.dealt.length).toBeLessThanOrEqual(kills * 20);

    const trail = async () => {
      const entries = await runOn(
        ground.databaseUrl,
        `select entry_id as id from specline.audit_entry where organization_id = '${organizationId}' and seq is not null order by seq`,
      );
      return entries.rows.map(({ id }) => id);
    };
    await vi.waitFor(async () => expect(await trail()).toEqual(ids), { timeout: 20_000, interval: 250 });

    const toBeSent = rows.filter(({ type }) => String(type).startsWith('spec.')).map(({ id }) => id);
    const heard = () => new Set(receiver.at('/killed').map(({ message }) => message.id));
    await vi.waitFor(() => expect(toBeSent.filter((id) => !heard().has(String(id)))).toEqual([]), {
      timeout: 60_000,
      interval: 250,
    });

    const keys = readPublicKeys(await (await fetch(`${service.url}/.well-known/specline-keys.json`)).text());
    const file = await fetch(`${path()}/audit/evidence`, { headers: { ...headers, prefer: 'wait=20' } });
    const report = await verifyEvidence([Buffer.from(await file.arrayBuffer())], keys);
    expect(report).toMatchObject({ verified: true, events: ids.length });
    process.stderr.write(`kill -9 with all on: ${kills} kills, ${JSON.stringify({ ...load.answers, ...checked })}\n`);
  },
);
