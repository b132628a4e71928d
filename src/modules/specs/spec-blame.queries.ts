import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { PersonalData } from '../event-store/personal-data.js';
import type { RecordedEvent } from '../event-store/history.js';
import { Blame } from './blame.js';
import type { BlamedLinesView, SpecBlame } from './spec-blame.view.js';
import type { SpecMoment } from './spec-list.view.js';
import { SpecPageQueries } from './spec-page.queries.js';

/** After so many events, other requests have their turn. */
const atOnce = 50;

/** Who wrote which lines. */
@Injectable()
export class SpecBlameQueries {
  constructor(
    private readonly specs: SpecPageQueries,
    private readonly personal: PersonalData,
  ) {}

  /** The author, time and event of each line, at a moment. @throws Refusal `not_found` */
  async of(organizationId: string, specId: string, moment: SpecMoment): Promise<SpecBlame> {
    const { page, steps } = await this.specs.steps(organizationId, specId, moment);
    const blame = new Blame();
    for (const [at, step] of steps.entries()) {
      if (at % atOnce === atOnce - 1) await nextTurn();
      blame.apply(step);
    }
    const hunks: BlamedLinesView[] = [];
    let next = 1;
    for (const section of [null, ...page.sections.map(({ key }) => key)]) {
      for (const { text, version } of blame.linesOf(section)) {
        const last = hunks.at(-1);
        if (last?.version === version && last.section === section) last.lines.push(text);
        else hunks.push({ firstLine: next, section, version, lines: [text] });
        next++;
      }
    }
    const versions = new Set(hunks.map(({ version }) => version));
    const events = steps.flatMap(({ event }) => (versions.has(event.version) ? [event] : []));
    const { version, contentHash } = page.row;
    return { specId, version, contentHash, hunks, origins: await this.origins(organizationId, events) };
  }

  private async origins(organizationId: string, events: readonly RecordedEvent[]): Promise<SpecBlame['origins']> {
    const actors = events.map(({ metadata }) => metadata.actor);
    const shown = await this.personal.reveal(organizationId, actors, ['name']);
    return events.map(({ version, eventId, type, metadata: { command, actor }, recordedAt }, at) => {
      return { version, eventId, type, command, recordedAt, actor: shown[at] ?? actor };
    });
  }
}
