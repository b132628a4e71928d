import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventSchemas } from '../src/events/event-schemas.js';
import type { Catalog, Decider, EventContext, EventOf } from '../src/modules/event-store/decider.js';
import { evolve } from '../src/modules/event-store/decider.js';
import { threadDecider } from '../src/modules/comments/thread.decider.js';
import { rulePackDecider } from '../src/modules/compliance/rule-pack.decider.js';
import { ruleQualityDecider } from '../src/modules/compliance/rule-quality.decider.js';
import { ruleSourceDecider } from '../src/modules/compliance/rule-source.decider.js';
import { complianceDecider } from '../src/modules/compliance/compliance.decider.js';
import { waiverDecider } from '../src/modules/compliance/waiver.decider.js';
import { organizationDecider } from '../src/modules/organizations/organization.decider.js';
import { policyDecider } from '../src/modules/organizations/policy.decider.js';
import { specDecider } from '../src/modules/specs/spec.decider.js';
import { endpointDecider } from '../src/modules/webhooks/endpoint.decider.js';
import { templateDecider } from '../src/modules/templates/template.decider.js';
import type { EventShape, ObjectShape } from './event-shapes.js';
import type { EventName } from './golden-samples.js';
import { samples } from './golden-samples.js';

/** An event as one schema version stores it, for ever; `after` names the golden events of the stream before it. */
export type GoldenEvent = {
  type: string;
  schemaVersion: number;
  shape: ObjectShape;
  after: readonly string[];
  payload: object;
};

const folder = join('test', 'history');
const nameOf = (type: string, schemaVersion: number): string => `${type}.v${schemaVersion}`;
const fileOf = (name: string): string => join(folder, `${name}.json`);
const stateFileOf = (name: string): string => join(folder, `${name}.state.json`);
const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
const write = (file: string, value: unknown): void => writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);

/** Every golden event, by its name: `spec.section.moved.v1`. */
export function goldenEvents(): Map<string, GoldenEvent> {
  const names = readdirSync(folder).flatMap((file) => /^(.+\.v\d+)\.json$/.exec(file)?.[1] ?? []);
  return new Map(names.map((name) => [name, read(fileOf(name)) as GoldenEvent]));
}

/** The state that a golden event came to when its golden file was made. */
export const goldenState = (name: string): unknown => read(stateFileOf(name));

/** The state that a golden event comes to today, as JSON knows it. */
export function foldGolden({ type, schemaVersion, after, payload }: GoldenEvent): unknown {
  const deciders = [
    organizationDecider,
    policyDecider,
    specDecider,
    templateDecider,
    threadDecider,
    ruleSourceDecider,
    rulePackDecider,
    ruleQualityDecider,
    complianceDecider,
    waiverDecider,
    endpointDecider,
  ];
  const decider = deciders.find(({ events }) => Object.hasOwn(events, type));
  if (!decider) throw new Error(`no decider folds ${type}`);
  const earlier = after.map((name) => read(fileOf(name)) as GoldenEvent);
  return JSON.parse(JSON.stringify(fold(decider as never, [...earlier, { type, schemaVersion, payload }])));
}

function fold<S, C extends Catalog, E extends Catalog>(
  decider: Decider<S, C, E>,
  history: readonly Pick<GoldenEvent, 'type' | 'schemaVersion' | 'payload'>[],
): S {
  return history.reduce((state, { type, schemaVersion, payload }, before) => {
    const event = { type, data: eventSchemas.upcast(type, schemaVersion, payload) } as EventOf<E>;
    return evolve(decider, state, event, contextAt(before + 1));
  }, decider.initial);
}

const contextAt = (version: number): EventContext => {
  return {
    organizationId: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b01',
    streamId: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11',
    version,
    at: new Date(Date.UTC(2026, 10, 23, 12, 0, version)).toISOString(),
    actor: { id: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b02', kind: 'service', name: 'ci' },
  };
};

/** Writes the golden files that are missing, and never one that is there. @returns the names of what was written */
export function writeMissing(shapes: ReadonlyMap<string, EventShape>): string[] {
  const types = [...shapes.keys()] as EventName[];
  const missing = types.filter((type) => !existsSync(fileOf(nameOf(type, eventSchemas.versionOf(type)))));
  const present = (type: EventName) => nameOf(type, eventSchemas.versionOf(type));
  for (const type of missing) {
    const { after, payload } = samples[type];
    const shape = shapes.get(type)?.shape ?? {};
    const golden: GoldenEvent = {
      type,
      schemaVersion: eventSchemas.versionOf(type),
      shape,
      after: after.map(present),
      payload,
    };
    write(fileOf(present(type)), golden);
  }
  for (const type of missing) writeState(present(type));
  return missing.map(present);
}

/** Takes down what a golden event comes to today: for a state whose form was changed on purpose. */
export function writeState(name: string): void {
  write(stateFileOf(name), foldGolden(read(fileOf(name)) as GoldenEvent));
}
