import { Module } from '@nestjs/common';
import { EventStoreModule } from '../event-store/event-store.module.js';
import { HttpModule } from '../http/http.module.js';
import { AuditController } from './audit.controller.js';
import { EvidencePages } from './evidence-pages.queries.js';
import { EvidenceQueries } from './evidence.queries.js';
import { KeysController } from './keys.controller.js';
import { LedgerQueries } from './ledger.queries.js';
import { LedgerSubscription } from './ledger.subscription.js';
import { SpecsModule } from '../specs/specs.module.js';
import { PermitController } from './permit.controller.js';
import { PermitQueries } from './permit.queries.js';
import { AccessRecorder } from './access-recorder.js';
import { OperatorTrailController } from './operator-trail.controller.js';
import { StoryController } from './story.controller.js';
import { StoryQueries } from './story.queries.js';
import { ChartDrawer } from './chart-drawer.js';
import { StatisticsController } from './statistics.controller.js';
import { StatisticsQueries } from './statistics.queries.js';
import { TrailController } from './trail.controller.js';
import { TrailQueries } from './trail.queries.js';
import { TrailSubscription } from './trail.subscription.js';
import { Sealer } from './sealer.js';
import { SigningKeys } from './signing-keys.js';

@Module({
  imports: [EventStoreModule, HttpModule, SpecsModule],
  controllers: [
    AuditController,
    KeysController,
    PermitController,
    TrailController,
    StoryController,
    OperatorTrailController,
    StatisticsController,
  ],
  providers: [
    LedgerSubscription,
    SigningKeys,
    Sealer,
    LedgerQueries,
    EvidencePages,
    EvidenceQueries,
    PermitQueries,
    TrailSubscription,
    TrailQueries,
    AccessRecorder,
    StoryQueries,
    StatisticsQueries,
    ChartDrawer,
  ],
  exports: [SigningKeys, Sealer, LedgerQueries, EvidenceQueries, TrailQueries, StoryQueries],
})
export class AuditModule {}
