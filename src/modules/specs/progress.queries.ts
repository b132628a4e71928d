import { Injectable } from '@nestjs/common';
import { PersonalData } from '../event-store/personal-data.js';
import type { PlannedPhase } from './plan.decider.js';
import { plannedPhases, recordOf } from './plan.decider.js';
import type { PhaseProgressView, ProgressView } from './progress.view.js';
import type { Review } from './review-state.decider.js';
import { SpecElementQueries } from './spec-elements.queries.js';
import { SpecPageQueries, specMarkdown } from './spec-page.queries.js';
import { standingOf } from './spec-summary.queries.js';

/** The plan in force, and how far it is. */
@Injectable()
export class ProgressQueries {
  constructor(
    private readonly specs: SpecPageQueries,
    private readonly elements: SpecElementQueries,
    private readonly personal: PersonalData,
  ) {}

  /** The phases of the revision in force; of the draft where there is none. */
  async phases(organizationId: string, specId: string, review: Review): Promise<PlannedPhase[]> {
    const { inForce, revision } = review;
    const isAmended = inForce !== null && inForce.revision !== revision;
    const page = await this.specs.page(organizationId, specId, isAmended ? { version: inForce.version } : {});
    return plannedPhases(this.elements.of(page).phases, specMarkdown(page));
  }

  async progress(organizationId: string, specId: string): Promise<ProgressView> {
    const { row } = await this.specs.page(organizationId, specId);
    const { inForce, revision } = standingOf(row);
    const review = row.review ?? (await this.specs.stateAt(organizationId, specId, row.version))?.review;
    if (!review) throw new Error(`${specId} has a row and no history`);
    const planned = await this.phases(organizationId, specId, review);
    const actors = await this.personal.reveal(
      organizationId,
      planned.map((phase) => lastOf(phase, review)?.recordedBy ?? { id: '', kind: 'system', name: '' }),
      ['name'],
    );
    const phases = planned.map((phase, at): PhaseProgressView => {
      const { key, number, title, steps } = phase;
      const last = lastOf(phase, review);
      const own = { key, number, title, steps: steps.length };
      if (!last) return { ...own, status: 'not_started', evidence: [], revision: null, recordedAt: null };
      const status = recordOf(phase, review.phases)?.status ?? 'changed';
      const said = { revision: last.revision, recordedAt: last.recordedAt, recordedBy: actors[at] ?? last.recordedBy };
      return { ...own, status, evidence: [...last.evidence], ...said };
    });
    return {
      revision: inForce?.revision ?? revision,
      lifecycle: inForce?.lifecycle ?? row.lifecycle,
      total: phases.length,
      done: phases.filter(({ status }) => status === 'done').length,
      phases,
    };
  }
}

const lastOf = ({ key }: PlannedPhase, { phases }: Review) => phases?.find(({ phaseKey }) => phaseKey === key);
