import type { RefusalCode } from './refusals.js';

const refusesKey = 'specline:refuses';

/**
 * The rules of its own that a command can break, for the reference: what every request of its kind may answer (a missing
 * key, a stale If-Match...) is not repeated. A subclass adds to what its parent refuses.
 */
export const Refuses =
  (...codes: RefusalCode[]): ClassDecorator =>
  (command) =>
    Reflect.defineMetadata(refusesKey, [...refusedBy(command), ...codes], command);

/** The codes that a command class names by {@link Refuses}. */
export const refusedBy = (command: object): readonly RefusalCode[] =>
  (Reflect.getMetadata(refusesKey, command) as RefusalCode[] | undefined) ?? [];
