import { Injectable } from '@nestjs/common';
import type { Actor } from '../event-store/decider.js';
import { PersonalData } from '../event-store/personal-data.js';
import type { AttestationList } from './attestation.view.js';
import type { LinkList } from './compliance-links.view.js';
import { ComplianceStandings } from './compliance-standing.queries.js';
import { hashesOf } from './element-hashes.js';
import { linkStanding } from './link-book.js';
import { confirmedLink, SpecEvaluator } from './spec-evaluator.js';

/** What people said of a spec, what of it counts, and what lacks a word of theirs. */
@Injectable()
export class ComplianceRulingQueries {
  constructor(
    private readonly standings: ComplianceStandings,
    private readonly evaluator: SpecEvaluator,
    private readonly personal: PersonalData,
  ) {}

  /** @throws Refusal `not_found` where there is no such spec */
  async links(organizationId: string, specId: string): Promise<LinkList> {
    const { links, evaluated } = await this.evaluated(organizationId, specId);
    const elements = this.evaluator.elements(evaluated);
    const hashes = hashesOf(elements);
    const people = await this.named(
      organizationId,
      links.map(({ confirmedBy }) => confirmedBy),
    );
    const items = links.map((link, at) => {
      return {
        ...link,
        confirmedBy: people[at] ?? link.confirmedBy,
        standing: linkStanding(confirmedLink(link), hashes),
      };
    });
    const { rows, consistency } = evaluated.evaluation;
    const missing = [...rows, ...consistency]
      .flatMap(({ findings }) => findings)
      .filter(({ outcome }) => outcome === 'not_linked');
    return { items, missing, elements };
  }

  /** @throws Refusal `not_found` where there is no such spec */
  async attestations(organizationId: string, specId: string): Promise<AttestationList> {
    const { attestations, evaluated } = await this.evaluated(organizationId, specId);
    const people = await this.named(
      organizationId,
      attestations.map(({ attestedBy }) => attestedBy),
    );
    const items = attestations.map(({ covers, ...one }, at) => {
      const counts = evaluated.input.attestations.some(
        ({ ruleId, by, at: then }) => ruleId === one.ruleId && by === one.attestedBy.id && then === one.attestedAt,
      );
      return { ...one, sections: covers && [...covers], attestedBy: people[at] ?? one.attestedBy, counts };
    });
    return { items, page: { next: null } };
  }

  private async evaluated(organizationId: string, specId: string) {
    const { links, attestations } = await this.standings.rulings(organizationId, specId);
    const said = { links, attestations };
    return { ...said, evaluated: await this.evaluator.evaluate(organizationId, specId, said, new Date()) };
  }

  private named(organizationId: string, actors: readonly Actor[]): Promise<Actor[]> {
    return this.personal.reveal(organizationId, actors, ['name']);
  }
}
