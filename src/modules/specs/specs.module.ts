import { Injectable, Module } from '@nestjs/common';
import { CommandHandler } from '@nestjs/cqrs';
import { SpecCommand } from '../../commands/spec-command.js';
import { DeciderHandler } from '../event-store/decider-handler.js';
import { EventStoreModule } from '../event-store/event-store.module.js';
import { HttpModule } from '../http/http.module.js';
import { TemplatesModule } from '../templates/templates.module.js';
import { RulesQueries } from '../compliance/compliance-rules.queries.js';
import { ComplianceStandings } from '../compliance/compliance-standing.queries.js';
import { WaiversInForce } from '../compliance/waivers-in-force.queries.js';
import { OpenThreads } from '../comments/open-threads.queries.js';
import { OrganizationsModule } from '../organizations/organizations.module.js';
import { DependenciesController } from './dependencies.controller.js';
import { HoldQueries } from './hold.queries.js';
import { HoldsController } from './holds.controller.js';
import { LifecycleController } from './lifecycle.controller.js';
import { ProgressController } from './progress.controller.js';
import { ProgressQueries } from './progress.queries.js';
import { RelationPaths } from './relation-paths.queries.js';
import { ReviewFactsReader } from './review-facts.js';
import { ReviewQueries } from './review.queries.js';
import { ReviewSubscription } from './review.subscription.js';
import { OverrideQueries } from './override.queries.js';
import { OverridesController } from './overrides.controller.js';
import { ReviewsController } from './reviews.controller.js';
import { RevisionQueries } from './revision.queries.js';
import { RevisionsController } from './revisions.controller.js';
import { SectionsController } from './sections.controller.js';
import { SpecBlameQueries } from './spec-blame.queries.js';
import { SpecComparisonController } from './spec-comparison.controller.js';
import { SpecDiffQueries } from './spec-diff.queries.js';
import { SpecElementQueries } from './spec-elements.queries.js';
import { SpecEventQueries } from './spec-events.queries.js';
import { SpecFacts } from './spec-facts.js';
import { SpecListAtQueries } from './spec-list-at.queries.js';
import { SpecListQueries } from './spec-list.queries.js';
import { SpecPageQueries } from './spec-page.queries.js';
import { SpecSearch } from './spec-search.queries.js';
import { specDecider } from './spec.decider.js';
import { projectSpec } from './spec.projection.js';
import { SpecsController } from './specs.controller.js';
import { AffectedSpecs } from './affected-specs.queries.js';
import { WorkListController } from './work-list.controller.js';
import { WorkListQueries } from './work-list.queries.js';

@Injectable()
@CommandHandler(SpecCommand)
class SpecHandler extends DeciderHandler(specDecider, projectSpec, SpecFacts) {}

@Module({
  imports: [EventStoreModule, HttpModule, TemplatesModule, OrganizationsModule],
  controllers: [
    SpecsController,
    SectionsController,
    LifecycleController,
    RevisionsController,
    ReviewsController,
    OverridesController,
    DependenciesController,
    ProgressController,
    WorkListController,
    SpecComparisonController,
    HoldsController,
  ],
  providers: [
    SpecHandler,
    SpecFacts,
    OpenThreads,
    RulesQueries,
    WaiversInForce,
    ComplianceStandings,
    RelationPaths,
    ReviewFactsReader,
    ReviewQueries,
    RevisionQueries,
    OverrideQueries,
    WorkListQueries,
    ProgressQueries,
    AffectedSpecs,
    ReviewSubscription,
    SpecPageQueries,
    SpecListQueries,
    SpecSearch,
    SpecEventQueries,
    SpecElementQueries,
    SpecDiffQueries,
    SpecBlameQueries,
    SpecListAtQueries,
    HoldQueries,
  ],
  exports: [
    SpecPageQueries,
    SpecElementQueries,
    SpecDiffQueries,
    OverrideQueries,
    RulesQueries,
    WaiversInForce,
    ComplianceStandings,
  ],
})
export class SpecsModule {}
