import { Injectable } from '@nestjs/common';
import { EventSchemas } from '../../events/event-schemas.js';
import { Refusal } from '../../commands/refusals.js';
import { Database } from '../event-store/database.js';
import { eventColumns } from '../event-store/event-store.js';
import { inPresentSchema } from '../event-store/history.js';
import type { RecordedEvent } from '../event-store/history.js';
import { PersonalData } from '../event-store/personal-data.js';
import { Cursors } from '../http/cursors.js';
import { sentenceOf } from './sentences.js';
import type { SpecStory, StoryQuery, StoryStepView } from './story.view.js';

/** How many events are read for a step, to begin with: most commands make one or two. */
const eventsAStep = 2;
/** Most events of one command. */
const mostOfOne = 10_000;

const steps = (isNewestFirst: boolean) => ({
  name: `audit.story ${isNewestFirst ? 'down' : 'up'}`,
  text: `select ${eventColumns} from specline.event
    where organization_id = $1 and stream_id = $2 and version ${isNewestFirst ? '<' : '>'} $3
      and exists (select from specline.stream s where s.organization_id = $1 and s.stream_id = $2 and s.stream_type = 'spec')
    order by version ${isNewestFirst ? 'desc' : 'asc'} limit $4`,
});

/** A spec's history as it would be told: one step for each command. */
@Injectable()
export class StoryQueries {
  constructor(
    private readonly database: Database,
    private readonly schemas: EventSchemas,
    private readonly personal: PersonalData,
    private readonly cursors: Cursors,
  ) {}

  /** A page of steps, the oldest first where nothing else is asked for. @throws Refusal `not_found` */
  async of(organizationId: string, specId: string, query: StoryQuery): Promise<SpecStory> {
    const { order = 'oldest', limit = 25, cursor } = query;
    const scope = { organizationId, list: 'story', filters: { specId, order } };
    const isNewestFirst = order === 'newest';
    const beginning = isNewestFirst ? Number.MAX_SAFE_INTEGER : 0;
    const [edge = beginning] = cursor === undefined ? [] : await this.cursors.open(scope, cursor);
    const { commands, isEnd } = await this.read(organizationId, specId, { isNewestFirst, edge: Number(edge), limit });
    if (commands.length === 0 && cursor === undefined) {
      throw new Refusal('not_found', 'There is no such spec in this organization.');
    }
    const shown = commands.slice(0, limit);
    const told = await this.personal.revealEvents(organizationId, shown.flat());
    const items = shown.map((events) => {
      const from = told.findIndex(({ eventId }) => eventId === events[0]?.eventId);
      return stepOf(told.slice(from, from + events.length).sort((one, other) => one.version - other.version));
    });
    const last = shown.at(-1)?.at(-1)?.version;
    const more = commands.length > limit || !isEnd;
    const next = more && last !== undefined ? await this.cursors.seal(scope, [last]) : null;
    return { items, page: { next } };
  }

  /** Whole commands, and one more than asked for where there are: events of the last one may be missing otherwise. */
  private async read(
    organizationId: string,
    specId: string,
    { isNewestFirst, edge, limit }: { isNewestFirst: boolean; edge: number; limit: number },
  ): Promise<{ commands: RecordedEvent[][]; isEnd: boolean }> {
    for (let most = eventsAStep * (limit + 1); ; most *= 4) {
      const values = [organizationId, specId, edge, most];
      const stored = await this.database.query<RecordedEvent>(organizationId, steps(isNewestFirst), values);
      const isEnd = stored.length < most;
      const commands = byCommand(stored.map((event) => inPresentSchema(event, this.schemas)));
      if (isEnd || commands.length > limit || most > mostOfOne * limit) return { commands, isEnd };
    }
  }
}

/** Events that one command made stand next to each other. */
function byCommand(events: readonly RecordedEvent[]): RecordedEvent[][] {
  const commands: RecordedEvent[][] = [];
  for (const event of events) {
    const last = commands.at(-1);
    if (last?.[0]?.commandId === event.commandId) last.push(event);
    else commands.push([event]);
  }
  return commands;
}

function stepOf(events: readonly RecordedEvent[]): StoryStepView {
  const [first] = events;
  if (!first) throw new Error('a command without events is no step');
  const { metadata, recordedAt, commandId } = first;
  const { actor, command, correlationId } = metadata;
  const reason = events
    .map(({ payload: said }) => (said as { reason?: unknown }).reason)
    .find((one) => one !== undefined);
  const done = [...new Set(events.map(sentenceOf))].join('; ');
  const why = typeof reason === 'string' ? reason : null;
  return {
    fromVersion: first.version,
    toVersion: events.at(-1)?.version ?? first.version,
    ...{ recordedAt, actor, command, commandId, correlationId, reason: why },
    sentence: `${actor.name} ${done}${why === null ? '.' : `: ${why.replaceAll(/\s+/g, ' ')}`}`,
    types: [...new Set(events.map(({ type }) => type))],
  };
}

/** The story as lines of text: time, versions, and what was done. */
export const storyText = ({ items }: SpecStory): string =>
  items
    .map(({ recordedAt, fromVersion, toVersion, sentence }) => {
      const versions = fromVersion === toVersion ? `v${fromVersion}` : `v${fromVersion}-${toVersion}`;
      return `${recordedAt} ${versions} ${sentence}\n`;
    })
    .join('');
