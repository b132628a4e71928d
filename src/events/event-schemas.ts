import { Refusal } from '../commands/refusals.js';
import { commentEvents } from './comment.events.js';
import { organizationEvents } from './organization.events.js';
import { schemaVersionOf } from './schema-version.js';
import { policyEvents } from './policy.events.js';
import { rulePackEvents } from './rule-pack.events.js';
import { ruleQualityEvents } from './rule-quality.events.js';
import { ruleSourceEvents } from './rule-source.events.js';
import { specComplianceEvents } from './spec-compliance.events.js';
import { specEvents } from './spec.events.js';
import { templateEvents } from './template.events.js';
import type { Upcaster, Upcasters } from './upcasters.js';
import { upcasters } from './upcasters.js';
import { waiverEvents } from './waiver.events.js';
import { webhookEvents } from './webhook.events.js';

type EventClass = new () => object;
type Schema = { type: EventClass; version: number; upcasters: Readonly<Record<number, Upcaster>> };

/** An event was stored by a later program than this one: it is left alone until this one is replaced as well. */
export class UnknownEventSchema extends Refusal {
  constructor(what: string) {
    super('unavailable', `History holds ${what}, which this version of the program cannot read.`);
  }
}

/** What schema version each type of event is written in, and how earlier versions are read. */
export class EventSchemas {
  private readonly schemas: ReadonlyMap<string, Schema>;

  /** @throws RangeError when the upcasters of a type do not lead, step by step, from 1 to its version */
  constructor(catalog: Readonly<Record<string, EventClass>>, upcastersByType: Upcasters) {
    const stray = Object.keys(upcastersByType).find((name) => !Object.hasOwn(catalog, name));
    if (stray) throw new RangeError(`there are upcasters of ${stray}, which is no event`);
    this.schemas = new Map(
      Object.entries(catalog).map(([name, type]) => {
        const version = schemaVersionOf(type);
        const steps = Object.keys(upcastersByType[name] ?? {}).map(Number);
        if (steps.length !== version - 1 || steps.some((step) => !(step >= 1 && step < version))) {
          throw new RangeError(`${name} has the schema version ${version}, and upcasters from [${steps.join()}]`);
        }
        return [name, { type, version, upcasters: upcastersByType[name] ?? {} }];
      }),
    );
  }

  get names(): string[] {
    return [...this.schemas.keys()];
  }

  /** The schema version that events of a type are written in. */
  versionOf(name: string): number {
    return this.schemaOf(name).version;
  }

  /** The class of a type, in its present schema version. */
  classOf(name: string): EventClass {
    return this.schemaOf(name).type;
  }

  /**
   * A stored payload as the present schema version says it: the same object where it is stored in that version.
   * @throws UnknownEventSchema when the type, or its schema version, is of a later program
   */
  upcast(name: string, schemaVersion: number, payload: object): object {
    const schema = this.schemaOf(name);
    if (schemaVersion === schema.version) return payload;
    let present = payload;
    for (let version = schemaVersion; version !== schema.version; version++) {
      const upcaster = schema.upcasters[version];
      if (!upcaster) throw new UnknownEventSchema(`${name} in schema version ${schemaVersion}`);
      present = upcaster(present as never);
    }
    return present;
  }

  private schemaOf(name: string): Schema {
    const schema = this.schemas.get(name);
    if (!schema) throw new UnknownEventSchema(`events of the type ${name}`);
    return schema;
  }
}

/** Every event there is. */
export const eventSchemas = new EventSchemas(
  {
    ...commentEvents,
    ...organizationEvents,
    ...policyEvents,
    ...specEvents,
    ...templateEvents,
    ...ruleSourceEvents,
    ...rulePackEvents,
    ...ruleQualityEvents,
    ...specComplianceEvents,
    ...waiverEvents,
    ...webhookEvents,
  },
  upcasters,
);
