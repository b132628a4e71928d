import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { eventSchemas } from '../../events/event-schemas.js';
import { personalFields } from '../../events/personal.js';
import type { RecordedEvent } from '../event-store/history.js';
import { entryOfEvent } from './audit-entry.js';
import { sentenceOf } from './sentences.js';

const event = (type: string, payload: object): RecordedEvent => ({
  organizationId: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b01',
  streamId: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11',
  version: 7,
  seq: 4711,
  eventId: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b33',
  type,
  schemaVersion: 1,
  payload,
  metadata: { actor: { id: 'ann', kind: 'human', name: 'Ann' }, command: 'a.b.c', correlationId: 'request-1' },
  commandId: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b44',
  recordedAt: '2026-11-23T07:20:40.560Z',
  previousHash: 'ab'.repeat(32),
  hash: 'cd'.repeat(32),
});
const entryOf = (type: string, payload: object) => entryOfEvent(event(type, payload), eventSchemas, null);

/** Every event that there ever was a golden form of. */
const folder = new URL('../../../test/history/', import.meta.url);
const golden = readdirSync(folder)
  .filter((name) => /\.v\d+\.json$/.test(name))
  .map((name): [string, string, object] => {
    const [, type = '', version = ''] = /^(.*)\.v(\d+)\.json$/.exec(name) ?? [];
    const stored = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as object;
    const payload = 'payload' in stored ? (stored.payload as object) : stored;
    return [name, type, eventSchemas.upcast(type, Number(version), payload)];
  });

describe('An entry of the trail', () => {
  test('of a section names it, whichever event it is', () => {
    expect(entryOf('spec.section.updated', { key: 'tldr', body: 'x', contentHash: 'ef' })).toMatchObject({
      ...{ section: 'tldr', hashAfter: 'ef', specId: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11', transition: null },
    });
    const added = entryOf('spec.section.added', { section: { key: 'new', body: 'x', contentHash: 'ef' }, position: 1 });
    expect(added).toMatchObject({ section: 'new', hashAfter: 'ef' });
    const opened = entryOf('comment.thread.opened', { specId: 'some-spec', section: 'tldr', body: 'Why?' });
    expect(opened).toMatchObject({ section: 'tldr', specId: 'some-spec', text: 'Why?' });
  });

  test('of a transition has its name, its reason and what decided', () => {
    expect(entryOf('spec.lifecycle.deferred', { reason: 'Later.' })).toMatchObject({
      transition: 'deferred',
      reason: 'Later.',
    });
    const policy = { key: 'default', version: 1, hash: 'ab' };
    const approved = entryOf('spec.lifecycle.approved', {
      revision: 1,
      contentHash: 'ef',
      policy,
      voteIds: ['v'],
      overrideId: null,
    });
    expect(approved.decision).toEqual({ policy, voteIds: ['v'] });
    expect(entryOf('spec.section.moved', { key: 'tldr', position: 3 }).decision).toBeNull();
  });

  test('is searched by what people wrote: by no id, no hash and no name', () => {
    const vote = {
      comment: 'Well done.',
      contentHash: 'ef',
      voteId: 'v',
      onBehalfOf: 'token-of-zoe',
      principalName: 'token-of-bot',
    };
    expect(entryOf('spec.vote.cast', { ...vote, conditions: ['Rename it.'] }).text).toBe('Well done.\nRename it.');
    const long = entryOf('spec.section.updated', { key: 'tldr', body: 'x'.repeat(50_000), contentHash: 'ef' });
    expect(long.text).toHaveLength(10_000);
    // Half a character cannot be stored, and would park the stream.
    const cut = entryOf('spec.lifecycle.deferred', { reason: `.${'😀'.repeat(10_000)}` });
    expect([cut.text, cut.reason]).toEqual([`.${'😀'.repeat(4999)}`, `.${'😀'.repeat(999)}`]);
  });

  test.each(golden)('is made of %s, and names nobody in what is searched', (_, type, payload) => {
    const { text, actorName } = entryOf(type, payload);
    expect(actorName).toBe('Ann');
    for (const field of personalFields(eventSchemas.classOf(type))) {
      const name = (payload as Record<string, unknown>)[field];
      if (typeof name === 'string' && name !== '') expect(text.split('\n')).not.toContain(name);
    }
  });
});

describe('A sentence', () => {
  const told = golden.filter(([, type]) => type.startsWith('spec.'));

  test.each(told)('is made of %s, on one line', (_, type, payload) => {
    const sentence = sentenceOf({ type, payload });
    expect(sentence).toMatch(/^[a-z][^\r\n]+$/);
    expect(sentence).not.toMatch(/undefined|null|\[object/);
  });

  test('is made of what a later program may add, too', () => {
    expect(sentenceOf({ type: 'spec.feature.switched_on', payload: {} })).toBe('recorded: feature switched on');
  });
});
