import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import type { EventShape } from '../scripts/event-shapes.js';
import { readEventShapes } from '../scripts/event-shapes.js';
import { foldGolden, goldenEvents, goldenState, writeMissing } from '../scripts/golden-history.js';
import { UpdateSection } from '../src/commands/section.commands.js';
import { EventSchemas, eventSchemas, UnknownEventSchema } from '../src/events/event-schemas.js';
import { SchemaVersion } from '../src/events/schema-version.js';
import { organizationEvents } from '../src/events/organization.events.js';
import { policyEvents } from '../src/events/policy.events.js';
import { SectionUpdated, specEvents } from '../src/events/spec.events.js';
import { upcasters } from '../src/events/upcasters.js';
import { AppendQueue } from '../src/modules/event-store/append-queue.js';
import { Checkpoints } from '../src/modules/event-store/checkpoints.js';
import { Database } from '../src/modules/event-store/database.js';
import { DeciderHandler } from '../src/modules/event-store/decider-handler.js';
import { EventStore } from '../src/modules/event-store/event-store.js';
import { chainHash, stateEvent } from '../src/modules/event-store/history.js';
import { Idempotency } from '../src/modules/event-store/idempotency.js';
import { NoFacts } from '../src/modules/event-store/no-facts.js';
import { PersonalData } from '../src/modules/event-store/personal-data.js';
import { Snapshots } from '../src/modules/event-store/snapshots.js';
import { Streams } from '../src/modules/event-store/streams.js';
import { Subscription } from '../src/modules/event-store/subscription.js';
import { WorkerDatabase } from '../src/modules/event-store/worker-database.js';
import { specDecider } from '../src/modules/specs/spec.decider.js';
import { projectSpec } from '../src/modules/specs/spec.projection.js';
import { caller } from './support/given.js';
import { problemOf, runOn, startService } from './support/service.js';
import { misfits } from './support/shapes.js';
import { importSpec } from './support/specs.js';

const golden = goldenEvents();

/** What keeps the event classes from being released: each needs a golden file of its shape in every version it has had. */
function objections(shapes: ReadonlyMap<string, EventShape>): string[] {
  const needed = new Set<string>();
  const found = [...shapes].flatMap(([type, { schemaVersion, shape }]) => {
    for (let version = 1; version <= schemaVersion; version++) needed.add(`${type}.v${version}`);
    const present = golden.get(`${type}.v${schemaVersion}`);
    if (!present || isDeepStrictEqual(present.shape, shape)) return [];
    return [`${type} changed: raise its @SchemaVersion, write an upcaster, and run npm run golden`];
  });
  const missing = [...needed].filter((name) => !golden.has(name)).map((name) => `${name} has no golden file`);
  const stray = [...golden.keys()].filter((name) => !needed.has(name)).map((name) => `nothing reads ${name}`);
  return [...found, ...missing, ...stray];
}

describe('the event classes', () => {
  const editing = (file: string, find: string, put: string) =>
    objections(
      readEventShapes((name, text) => {
        if (!name.endsWith(file)) return text;
        expect(text).toContain(find);
        return text.replace(find, put);
      }),
    );

  test('are as their golden files say, and each has one in every version', () => {
    const shapes = readEventShapes();
    expect(objections(shapes)).toEqual([]);
    expect([...shapes.keys()].sort()).toEqual(eventSchemas.names.sort());
    for (const [type, { schemaVersion }] of shapes) expect(schemaVersion).toBe(eventSchemas.versionOf(type));
  });

  test.each([
    ['a member more', 'readonly labels!: string[];', 'readonly labels!: string[];\n  readonly more!: string;'],
    ['a member less', '  readonly number!: number;\n', ''],
    ['another type', 'readonly labels!: string[];', 'readonly labels!: readonly (string | number)[];'],
    ['a member that may be absent', 'readonly title!: string;', 'readonly title?: string;'],
    ['a member that may be null', 'readonly title!: string;', 'readonly title!: string | null;'],
    ['a nested type with a member more', '  body: string;', '  body: string;\n  bytes: number;'],
    ['a nested member that must be there', '  open?: true;', '  open: true;'],
    ['a word more', "'exact' | 'alias'", "'exact' | 'alias' | 'guess'"],
    ['a mark less', '  @Personal()\n', ''],
    ['a mark more', '  readonly title!', '  @Personal()\n  readonly title!'],
  ])('cannot change without a new version: %s', (_, find, put) => {
    expect(editing('spec.events.ts', find, put)).toContainEqual(expect.stringMatching(/^spec\.\w+\.\w+ changed/));
  });

  test('cannot change by a type of the write language either', () => {
    const found = editing('relation.commands.ts', "['supersedes',", "['blocks', 'supersedes',");
    expect(found.map((text) => text.split(' ')[0])).toEqual(['spec.document.related', 'spec.document.unrelated']);
  });

  test('may be written and described otherwise', () => {
    expect(editing('spec.events.ts', 'readonly title!: string;', '/** In words. */\n  title!: string;')).toEqual([]);
    expect(editing('spec.events.ts', 'labels!: string[]', 'labels!: readonly string[]')).toEqual([]);
  });

  test('need a golden file for a new version, and for a new type', () => {
    const raised = '@SchemaVersion(2)\nexport class SectionRemoved {\n  readonly why!: string;';
    expect(editing('spec.events.ts', 'export class SectionRemoved {', raised)).toEqual([
      'spec.section.removed.v2 has no golden file',
    ]);
    const added = "export const specEvents = {\n  'spec.document.lost': SectionRemoved,";
    expect(editing('spec.events.ts', 'export const specEvents = {', added)).toEqual([
      'spec.document.lost.v1 has no golden file',
    ]);
  });

  test('hold nothing that cannot be stored', () => {
    for (const type of ['any', 'unknown', 'undefined', 'Date', '() => void', 'bigint']) {
      expect(() => editing('spec.events.ts', 'readonly title!: string;', `readonly title!: ${type};`)).toThrow(/title/);
    }
  });

  test('golden files are written once and never again', () => {
    const digest = () => {
      const files = readdirSync('test/history').sort();
      return files.map((name) => [
        name,
        createHash('sha256')
          .update(readFileSync(`test/history/${name}`))
          .digest('hex'),
      ]);
    };
    const before = digest();
    const changed = [...readEventShapes()].map(
      ([type, shape]) => [type, { ...shape, shape: { no: 'string' } }] as const,
    );
    expect(writeMissing(new Map(changed))).toEqual([]);
    expect(digest()).toEqual(before);
  });
});

describe('every version that was ever stored', () => {
  test.each([...golden.keys()])('%s is read, and folds to what it meant', (name) => {
    const event = golden.get(name);
    if (!event) throw new Error(`there is no ${name}`);
    const { type, schemaVersion, payload, shape } = event;
    expect(name).toBe(`${type}.v${schemaVersion}`);
    expect(misfits(payload, shape)).toEqual([]);
    const present = golden.get(`${type}.v${eventSchemas.versionOf(type)}`)?.shape ?? {};
    expect(misfits(eventSchemas.upcast(type, schemaVersion, payload), present)).toEqual([]);
    expect(foldGolden(event)).toEqual(goldenState(name));
  });
});

describe('stored history', () => {
  @SchemaVersion(2)
  class SectionRewritten extends SectionUpdated {
    readonly words!: number;
  }
  /** The program after a change of one event. */
  const next = new EventSchemas(
    { ...organizationEvents, ...policyEvents, ...specEvents, 'spec.section.updated': SectionRewritten },
    {
      ...upcasters,
      'spec.section.updated': { 1: (stored: SectionUpdated) => ({ ...stored, words: stored.body.split(' ').length }) },
    },
  );
  class Everything extends Subscription {
    readonly name = 'everything';
    override apply = () => Promise.resolve();
  }
  const shard = { subscription: 'everything', shard: 0, shards: 1, position: 0, epoch: 1 };
  const service = startService();
  let specId: string;

  beforeAll(async () => {
    ({ specId } = await importSpec(service.organization, '# A\n\n## TLDR\ntext\n'));
    const section = service.organization.request('patch', `/specs/${specId}/sections/tldr`);
    await section.set('if-match', '*').send({ body: 'more\n' }).expect(200);
  });

  test('of an earlier schema version is read as the present one, and stays as it is stored', async () => {
    const { app, organization } = service;
    const stream = { organizationId: organization.organizationId, type: 'spec', id: specId };
    const [, read] = await new EventStore(app.get(Database), app.get(AppendQueue), next).read(stream);
    expect(read).toMatchObject({ schemaVersion: 2, payload: { key: 'tldr', body: 'more\n', words: 1 } });

    const [, stored] = await app.get(EventStore).read(stream);
    if (!stored) throw new Error('the event is gone');
    expect(stored).toMatchObject({ schemaVersion: 1, hash: read?.hash });
    expect(stored.payload).not.toHaveProperty('words');
    expect(chainHash(stored.previousHash, stateEvent(stored))).toBe(stored.hash);
  });

  test('is written in the present schema version', async () => {
    const { app, organization } = service;
    const { organizationId } = organization;
    const { specId: another } = await importSpec(organization, '# A\n\n## TLDR\ntext\n');
    const store = new EventStore(app.get(Database), app.get(AppendQueue), next);
    const tools = [app.get(Snapshots), new Streams(), app.get(Idempotency), app.get(PersonalData)];
    const Handler = DeciderHandler(specDecider, projectSpec, NoFacts);
    const handler = new Handler(store, app.get(AppendQueue), ...tools, next, app.get(NoFacts));
    const command = Object.assign(new UpdateSection(), { specId: another, sectionKey: 'tldr', body: 'more\n' });
    await handler.execute(command.from({ ...caller, organizationId }));
    const [, updated] = await store.read({ organizationId, type: 'spec', id: another });
    expect(updated).toMatchObject({ type: 'spec.section.updated', schemaVersion: 2 });
    await expect(app.get(EventStore).read({ organizationId, type: 'spec', id: another })).rejects.toThrow(
      UnknownEventSchema,
    );
  });

  test('is handed to subscriptions in the present version too', async () => {
    const checkpoints = new Checkpoints(service.app.get(WorkerDatabase), next);
    const updated = async () => {
      const { events } = await checkpoints.read(new Everything(), shard);
      return events.find(({ type }) => type === 'spec.section.updated');
    };
    await expect.poll(updated).toMatchObject({ schemaVersion: 2, payload: { key: 'tldr', words: 1 } });
  });

  test('of a later schema version, or of no known type, is refused and never folded', async () => {
    const { organization, databaseUrl } = service;
    for (const [type, schemaVersion] of [
      ['spec.section.updated', 2],
      ['spec.section.translated', 1],
    ] as const) {
      const { specId: later } = await importSpec(organization, '# A\n\n## TLDR\ntext\n');
      await runOn(
        databaseUrl,
        `insert into specline.event (organization_id, stream_id, version, event_id, type, schema_version, payload, metadata,
            command_id, recorded_at, previous_hash, hash)
          select organization_id, stream_id, 2, event_id, '${type}', ${schemaVersion}, '{"key": "tldr", "text": {"en": "x"}}',
            metadata, command_id, recorded_at, hash, previous_hash from specline.event where stream_id = '${later}'`,
      );
      await runOn(databaseUrl, `update specline.stream set version = 2 where stream_id = '${later}'`);
      const asked = [
        organization.request('get', `/specs/${later}/events`),
        organization.request('get', `/specs/${later}?version=2`),
        organization.request('patch', `/specs/${later}/sections/tldr`).set('if-match', '*').send({ body: 'mine\n' }),
      ];
      for (const answer of await Promise.all(asked)) {
        expect(problemOf(answer)).toMatchObject({ status: 503, code: 'unavailable' });
        expect(problemOf(answer).detail).toContain(`${type}`);
      }
      const { rows } = await runOn(databaseUrl, `select version from specline.event where stream_id = '${later}'`);
      expect(rows).toHaveLength(2);
      expect((await organization.request('get', `/specs/${later}?version=1`)).status).toBe(200);
    }
    // Background work waits there for a process of the later program: nothing is skipped, or parked.
    const read = () => service.app.get(Checkpoints).read(new Everything(), shard);
    await expect.poll(() => read().catch((error: unknown) => error)).toBeInstanceOf(UnknownEventSchema);
  });
});
