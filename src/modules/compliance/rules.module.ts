import { Injectable, Module } from '@nestjs/common';
import { CommandHandler } from '@nestjs/cqrs';
import { RuleQualityCommand } from '../../commands/rule-quality.commands.js';
import { RulePackCommand } from '../../commands/rule-pack.commands.js';
import { RuleSourceCommand } from '../../commands/rule-source.commands.js';
import { DeciderHandler } from '../event-store/decider-handler.js';
import { EventStoreModule } from '../event-store/event-store.module.js';
import { NoFacts } from '../event-store/no-facts.js';
import { OrganizationsModule } from '../organizations/organizations.module.js';
import { SpecsModule } from '../specs/specs.module.js';
import { HttpModule } from '../http/http.module.js';
import { RulePackFactsSource } from './rule-pack-facts.js';
import { rulePackDecider } from './rule-pack.decider.js';
import { projectRulePack } from './rule-pack.projection.js';
import { RulePackQueries } from './rule-pack.queries.js';
import { RulePacksController } from './rule-packs.controller.js';
import { ruleSourceDecider } from './rule-source.decider.js';
import { projectRuleSource } from './rule-source.projection.js';
import { RuleSourceQueries } from './rule-source.queries.js';
import { ContractReadings } from './contract-readings.js';
import { ContractQueries } from './contract.queries.js';
import { ContractsController } from './contracts.controller.js';
import { OverviewController } from './overview.controller.js';
import { OverviewQueries } from './overview.queries.js';
import { ShadowQueries } from './shadow.queries.js';
import { RuleQualityFacts } from './rule-quality-facts.js';
import { ruleQualityDecider } from './rule-quality.decider.js';
import { projectRuleQuality } from './rule-quality.projection.js';
import { RuleResultsSubscription } from './rule-results.subscription.js';
import { RuleQueries } from './rule.queries.js';
import { RulesController } from './rules.controller.js';
import { SpecComplianceModule } from './spec-compliance.module.js';
import { RuleSourcesController } from './rule-sources.controller.js';

@Injectable()
@CommandHandler(RuleSourceCommand)
class RuleSourceHandler extends DeciderHandler(ruleSourceDecider, projectRuleSource, NoFacts) {}

@Injectable()
@CommandHandler(RuleQualityCommand)
class RuleQualityHandler extends DeciderHandler(ruleQualityDecider, projectRuleQuality, RuleQualityFacts) {}

@Injectable()
@CommandHandler(RulePackCommand)
class RulePackHandler extends DeciderHandler(rulePackDecider, projectRulePack, RulePackFactsSource) {}

/** Where rules come from: rule files, packs, and what they come to for an organization. */
@Module({
  imports: [EventStoreModule, HttpModule, OrganizationsModule, SpecsModule, SpecComplianceModule],
  controllers: [RuleSourcesController, RulePacksController, RulesController, ContractsController, OverviewController],
  providers: [
    RuleSourceHandler,
    RulePackHandler,
    RuleQualityHandler,
    RuleQualityFacts,
    RuleResultsSubscription,
    RuleQueries,
    ContractReadings,
    ContractQueries,
    OverviewQueries,
    ShadowQueries,
    NoFacts,
    RulePackFactsSource,
    RuleSourceQueries,
    RulePackQueries,
  ],
  exports: [RulePackQueries],
})
export class RulesModule {}
