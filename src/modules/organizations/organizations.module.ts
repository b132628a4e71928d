import { Injectable, Module } from '@nestjs/common';
import { CommandHandler } from '@nestjs/cqrs';
import { OrganizationCommand } from '../../commands/organization.commands.js';
import { PolicyCommand } from '../../commands/policy.commands.js';
import { DeciderHandler } from '../event-store/decider-handler.js';
import { EventStoreModule } from '../event-store/event-store.module.js';
import { Bootstrap } from './bootstrap.js';
import { MemberQueries } from './member.queries.js';
import { MembersController } from './members.controller.js';
import { LegalHolds } from '../specs/legal-holds.queries.js';
import { OrganizationFacts } from './organization-facts.js';
import { organizationDecider } from './organization.decider.js';
import { projectOrganization } from './organization.projection.js';
import { OrganizationQueries } from './organization.queries.js';
import { OrganizationsController } from './organizations.controller.js';
import { PoliciesController } from './policies.controller.js';
import { PolicyFactsSource } from './policy-facts.js';
import { PolicyAtQueries } from './policy-at.queries.js';
import { policyDecider } from './policy.decider.js';
import { projectPolicy } from './policy.projection.js';
import { PolicyQueries } from './policy.queries.js';
import { ReviewRulesQueries } from './review-rules.queries.js';

@Injectable()
@CommandHandler(OrganizationCommand)
class OrganizationHandler extends DeciderHandler(organizationDecider, projectOrganization, OrganizationFacts) {}

@Injectable()
@CommandHandler(PolicyCommand)
class PolicyHandler extends DeciderHandler(policyDecider, projectPolicy, PolicyFactsSource) {}

@Module({
  imports: [EventStoreModule],
  controllers: [OrganizationsController, MembersController, PoliciesController],
  providers: [
    OrganizationHandler,
    OrganizationFacts,
    LegalHolds,
    OrganizationQueries,
    MemberQueries,
    PolicyHandler,
    PolicyFactsSource,
    PolicyQueries,
    PolicyAtQueries,
    ReviewRulesQueries,
    Bootstrap,
  ],
  exports: [OrganizationQueries, ReviewRulesQueries, MemberQueries, PolicyQueries],
})
export class OrganizationsModule {}
