import { Injectable } from '@nestjs/common';
import type { DomainCommand } from '../../commands/command.js';
import { erasureClaim } from '../../commands/hold.commands.js';
import { ErasePerson } from '../../commands/organization.commands.js';
import type { FactsSource } from '../event-store/facts-source.js';
import { PersonalData } from '../event-store/personal-data.js';
import { LegalHolds } from '../specs/legal-holds.queries.js';
import type { ErasureFacts } from './organization.decider.js';

/** What the organization's rules must know from outside its stream: whom a name is of, and what is held of them. */
@Injectable()
export class OrganizationFacts implements FactsSource {
  constructor(
    private readonly personal: PersonalData,
    private readonly holds: LegalHolds,
  ) {}

  /** A hold that is placed meanwhile must not find its person erased. */
  claims(command: DomainCommand): string | undefined {
    return command instanceof ErasePerson ? erasureClaim : undefined;
  }

  async gather(command: DomainCommand): Promise<object> {
    return command instanceof ErasePerson ? this.erasure(command) : {};
  }

  private async erasure(command: ErasePerson): Promise<ErasureFacts> {
    const { organizationId } = command.caller;
    const subject = await this.personal.subjectOf(organizationId, command);
    return subject === undefined ? { holds: [] } : { subject, holds: await this.holds.naming(organizationId, subject) };
  }
}
