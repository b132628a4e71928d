import { Injectable, Module } from '@nestjs/common';
import { CommandHandler } from '@nestjs/cqrs';
import { OrganizationCommand } from '../../commands/organization.commands.js';
import { DeciderHandler } from '../event-store/decider-handler.js';
import { EventStoreModule } from '../event-store/event-store.module.js';
import { MemberQueries } from './member.queries.js';
import { MembersController } from './members.controller.js';
import { Bootstrap } from './bootstrap.js';
import { OrganizationFacts } from './organization-facts.js';
import { organizationDecider } from './organization.decider.js';
import { projectOrganization } from './organization.projection.js';
import { OrganizationQueries } from './organization.queries.js';
import { OrganizationsController } from './organizations.controller.js';

@Injectable()
@CommandHandler(OrganizationCommand)
class OrganizationHandler extends DeciderHandler(organizationDecider, projectOrganization, OrganizationFacts) {}

@Module({
  imports: [EventStoreModule],
  controllers: [OrganizationsController, MembersController],
  providers: [OrganizationHandler, OrganizationFacts, OrganizationQueries, MemberQueries, Bootstrap],
  exports: [OrganizationQueries, MemberQueries],
})
export class OrganizationsModule {}
