import { Module } from '@nestjs/common';
import { EventStoreModule } from '../event-store/event-store.module.js';
import { HttpModule } from '../http/http.module.js';
import { AuditController } from './audit.controller.js';
import { EvidencePages } from './evidence-pages.queries.js';
import { EvidenceQueries } from './evidence.queries.js';
import { KeysController } from './keys.controller.js';
import { LedgerQueries } from './ledger.queries.js';
import { LedgerSubscription } from './ledger.subscription.js';
import { Sealer } from './sealer.js';
import { SigningKeys } from './signing-keys.js';

@Module({
  imports: [EventStoreModule, HttpModule],
  controllers: [AuditController, KeysController],
  providers: [LedgerSubscription, SigningKeys, Sealer, LedgerQueries, EvidencePages, EvidenceQueries],
  exports: [SigningKeys, Sealer],
})
export class AuditModule {}
