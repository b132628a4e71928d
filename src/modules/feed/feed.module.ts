import { Module } from '@nestjs/common';
import { EventStoreModule } from '../event-store/event-store.module.js';
import { OrganizationsModule } from '../organizations/organizations.module.js';
import { ConsumerQueries } from './consumer.queries.js';
import { ConsumersController } from './consumers.controller.js';
import { FeedPulse } from './feed-pulse.js';
import { FeedController } from './feed.controller.js';
import { FeedQueries } from './feed.queries.js';

@Module({
  imports: [EventStoreModule, OrganizationsModule],
  controllers: [FeedController, ConsumersController],
  providers: [FeedPulse, FeedQueries, ConsumerQueries],
})
export class FeedModule {}
