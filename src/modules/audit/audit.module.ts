import { Module } from '@nestjs/common';
import { EventStoreModule } from '../event-store/event-store.module.js';
import { HttpModule } from '../http/http.module.js';
import { LedgerSubscription } from './ledger.subscription.js';
import { SigningKeys } from './signing-keys.js';

@Module({
  imports: [EventStoreModule, HttpModule],
  providers: [LedgerSubscription, SigningKeys],
})
export class AuditModule {}
