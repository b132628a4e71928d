type EventClass = new () => object;

const versions = new WeakMap<EventClass, number>();

/**
 * Says that an event class is not in its first schema version any more. A class changes only together with its
 * version, an upcaster in `upcasters.ts` and a golden file (`npm run golden`); a test compares them.
 *
 * @param version 2 or more
 */
export const SchemaVersion =
  (version: number) =>
  (type: EventClass): void => {
    versions.set(type, version);
  };

/** The schema version that events of a class are written in; 1 where it says nothing. */
export const schemaVersionOf = (type: EventClass): number => versions.get(type) ?? 1;
