import { Injectable, Module } from '@nestjs/common';
import { CommandHandler } from '@nestjs/cqrs';
import { RulePackCommand } from '../../commands/rule-pack.commands.js';
import { RuleSourceCommand } from '../../commands/rule-source.commands.js';
import { DeciderHandler } from '../event-store/decider-handler.js';
import { EventStoreModule } from '../event-store/event-store.module.js';
import { NoFacts } from '../event-store/no-facts.js';
import { SpecsModule } from '../specs/specs.module.js';
import { RulePackFactsSource } from './rule-pack-facts.js';
import { rulePackDecider } from './rule-pack.decider.js';
import { projectRulePack } from './rule-pack.projection.js';
import { RulePackQueries } from './rule-pack.queries.js';
import { RulePacksController } from './rule-packs.controller.js';
import { ruleSourceDecider } from './rule-source.decider.js';
import { projectRuleSource } from './rule-source.projection.js';
import { RuleSourceQueries } from './rule-source.queries.js';
import { RuleSourcesController } from './rule-sources.controller.js';

@Injectable()
@CommandHandler(RuleSourceCommand)
class RuleSourceHandler extends DeciderHandler(ruleSourceDecider, projectRuleSource, NoFacts) {}

@Injectable()
@CommandHandler(RulePackCommand)
class RulePackHandler extends DeciderHandler(rulePackDecider, projectRulePack, RulePackFactsSource) {}

/** Where rules come from: rule files, packs, and what they come to for an organization. */
@Module({
  imports: [EventStoreModule, SpecsModule],
  controllers: [RuleSourcesController, RulePacksController],
  providers: [
    RuleSourceHandler,
    RulePackHandler,
    NoFacts,
    RulePackFactsSource,
    RuleSourceQueries,
    RulePackQueries,
  ],
  exports: [RulePackQueries],
})
export class RulesModule {}
