import { Injectable, Module } from '@nestjs/common';
import { CommandHandler } from '@nestjs/cqrs';
import { SpecComplianceCommand } from '../../commands/spec-compliance.commands.js';
import { WaiverCommand } from '../../commands/waiver.commands.js';
import { DeciderHandler } from '../event-store/decider-handler.js';
import { EventStoreModule } from '../event-store/event-store.module.js';
import { HttpModule } from '../http/http.module.js';
import { OrganizationsModule } from '../organizations/organizations.module.js';
import { SpecsModule } from '../specs/specs.module.js';
import { TemplatesModule } from '../templates/templates.module.js';
import { ComplianceAtQueries } from './compliance-at.queries.js';
import { ComplianceFacts } from './compliance-facts.js';
import { ComplianceReportQueries } from './compliance-report.queries.js';
import { ComplianceReportsController } from './compliance-reports.controller.js';
import { RulesAtQueries } from './compliance-rules-at.queries.js';
import { ComplianceRulingQueries } from './compliance-rulings.queries.js';
import { ComplianceRulingsController } from './compliance-rulings.controller.js';
import { complianceDecider } from './compliance.decider.js';
import { projectCompliance } from './compliance.projection.js';
import { DocumentEvaluator } from './document-evaluator.js';
import { LintController } from './lint.controller.js';
import { SpecEvaluator } from './spec-evaluator.js';
import { WaiverFacts } from './waiver-facts.js';
import { waiverDecider } from './waiver.decider.js';
import { projectWaiver } from './waiver.projection.js';
import { WaiverQueries } from './waiver.queries.js';
import { WaiversController } from './waivers.controller.js';

@Injectable()
@CommandHandler(SpecComplianceCommand)
class SpecComplianceHandler extends DeciderHandler(complianceDecider, projectCompliance, ComplianceFacts) {}

@Injectable()
@CommandHandler(WaiverCommand)
class WaiverHandler extends DeciderHandler(waiverDecider, projectWaiver, WaiverFacts) {}

@Module({
  imports: [EventStoreModule, HttpModule, OrganizationsModule, SpecsModule, TemplatesModule],
  controllers: [ComplianceReportsController, ComplianceRulingsController, WaiversController, LintController],
  providers: [
    SpecComplianceHandler,
    ComplianceFacts,
    WaiverHandler,
    WaiverFacts,
    WaiverQueries,
    SpecEvaluator,
    RulesAtQueries,
    ComplianceAtQueries,
    DocumentEvaluator,
    ComplianceReportQueries,
    ComplianceRulingQueries,
  ],
  exports: [ComplianceReportQueries, SpecEvaluator],
})
export class SpecComplianceModule {}
