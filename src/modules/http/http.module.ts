import { Module } from '@nestjs/common';
import { EventStoreModule } from '../event-store/event-store.module.js';
import { Cursors } from './cursors.js';
import { HealthController } from './health.controller.js';

@Module({
  imports: [EventStoreModule],
  controllers: [HealthController],
  providers: [Cursors],
  exports: [Cursors],
})
export class HttpModule {}
