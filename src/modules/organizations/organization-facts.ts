import { Injectable } from '@nestjs/common';
import type { DomainCommand } from '../../commands/command.js';
import { ErasePerson } from '../../commands/organization.commands.js';
import type { FactsSource } from '../event-store/facts-source.js';
import { PersonalData } from '../event-store/personal-data.js';
import type { ErasureFacts } from './organization.decider.js';

/** What the organization's rules must know from outside its stream: whom a name is of. */
@Injectable()
export class OrganizationFacts implements FactsSource {
  constructor(private readonly personal: PersonalData) {}

  async gather(command: DomainCommand): Promise<ErasureFacts> {
    if (!(command instanceof ErasePerson)) return {};
    const subject = await this.personal.subjectOf(command.caller.organizationId, command);
    return subject === undefined ? {} : { subject };
  }
}
