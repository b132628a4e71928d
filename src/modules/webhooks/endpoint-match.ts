import { isMeant } from '../../commands/webhook-parts.commands.js';
import type { EndpointSettings } from '../../events/webhook.events.js';

/** What filters can ask of the spec that an event is about. */
export type FilteredSpec = { specId: string; labels: readonly string[]; template: string; lifecycle: string };

/** Whether an endpoint wants to hear of an event. One that filters by spec hears of nothing that is about none. */
export function wants(
  { eventTypes, filter }: Pick<EndpointSettings, 'eventTypes' | 'filter'>,
  type: string,
  spec: FilteredSpec | undefined,
): boolean {
  if (!eventTypes.some((pattern) => isMeant(pattern, type))) return false;
  const holds = (wanted: readonly string[], is: readonly string[] | undefined) =>
    wanted.length === 0 || (is?.some((one) => wanted.includes(one)) ?? false);
  return (
    holds(
      filter.specIds.map((id) => id.toLowerCase()),
      spec && [spec.specId],
    ) &&
    holds(filter.labels, spec?.labels) &&
    holds(filter.templates, spec && [spec.template]) &&
    holds(filter.lifecycles, spec && [spec.lifecycle])
  );
}
