import { readFileSync } from 'node:fs';

/** A type of event, and what an endpoint is sent of it: made from the catalogues by `npm run asyncapi`. */
export type EventType = { type: string; schemaVersion: number; schema: object; example: object };

/** openapi/event-types.json at the root of the package, from the sources as well as from the build. */
export function readEventTypes(): EventType[] {
  const above = import.meta.url.includes('/dist/') ? '../../../../' : '../../../';
  const text = readFileSync(new URL(`${above}openapi/event-types.json`, import.meta.url), 'utf8');
  return (JSON.parse(text) as { items: EventType[] }).items;
}
