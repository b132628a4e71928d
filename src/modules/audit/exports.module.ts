import type { DynamicModule } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { EventStoreModule } from '../event-store/event-store.module.js';
import { HttpModule } from '../http/http.module.js';
import { SpecsModule } from '../specs/specs.module.js';
import { AuditClock } from './audit-clock.js';
import { AuditModule } from './audit.module.js';
import { BundleDocuments } from './bundle-documents.js';
import { BundleEvents } from './bundle-events.js';
import { BundleExport } from './bundle-export.js';
import { BundleReport } from './bundle-report.js';
import { ExportDesk } from './export-desk.js';
import { ExportQueries } from './export.queries.js';
import { ExportRunner } from './export-runner.js';
import { ExportStore } from './export-store.js';
import { ExportSweep } from './export-sweep.js';
import { ExportWorker, WORKS_EXPORTS } from './export-worker.js';
import { ExportsController } from './exports.controller.js';
import { ShareDesk } from './share-desk.js';
import { ShareQueries } from './share.queries.js';
import { SharedController } from './shared.controller.js';
import { SharesController } from './shares.controller.js';
import { TrailExport } from './trail-export.js';

@Module({})
export class ExportsModule {
  /** @param works whether this process makes exports, or only takes them on and hands them out */
  static with(works: boolean): DynamicModule {
    return {
      module: ExportsModule,
      imports: [EventStoreModule, HttpModule, SpecsModule, AuditModule],
      controllers: [ExportsController, SharesController, SharedController],
      providers: [
        AuditClock,
        ExportDesk,
        ExportQueries,
        ExportRunner,
        ExportStore,
        ExportSweep,
        ExportWorker,
        TrailExport,
        ShareDesk,
        ShareQueries,
        BundleExport,
        BundleEvents,
        BundleDocuments,
        BundleReport,
        { provide: WORKS_EXPORTS, useValue: works },
      ],
    };
  }
}
