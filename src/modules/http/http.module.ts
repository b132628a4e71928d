import { Module } from '@nestjs/common';
import { EventStoreModule } from '../event-store/event-store.module.js';
import { Cursors } from './cursors.js';
import { HealthController } from './health.controller.js';
import { StatusController } from './status.controller.js';

@Module({
  imports: [EventStoreModule],
  controllers: [HealthController, StatusController],
  providers: [Cursors],
  exports: [Cursors],
})
export class HttpModule {}
