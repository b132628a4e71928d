import { Injectable, Module } from '@nestjs/common';
import { CommandHandler } from '@nestjs/cqrs';
import { ThreadCommand } from '../../commands/comment.commands.js';
import { DeciderHandler } from '../event-store/decider-handler.js';
import { EventStoreModule } from '../event-store/event-store.module.js';
import { HttpModule } from '../http/http.module.js';
import { OrganizationsModule } from '../organizations/organizations.module.js';
import { SpecsModule } from '../specs/specs.module.js';
import { Anchors } from './anchors.js';
import { Suggestions } from './suggestions.js';
import { ThreadFacts } from './thread-facts.js';
import { threadDecider } from './thread.decider.js';
import { projectThread } from './thread.projection.js';
import { ThreadQueries } from './thread.queries.js';
import { ThreadsController } from './threads.controller.js';

@Injectable()
@CommandHandler(ThreadCommand)
class ThreadHandler extends DeciderHandler(threadDecider, projectThread, ThreadFacts) {}

@Module({
  imports: [EventStoreModule, HttpModule, OrganizationsModule, SpecsModule],
  controllers: [ThreadsController],
  providers: [ThreadHandler, ThreadFacts, ThreadQueries, Anchors, Suggestions],
})
export class CommentsModule {}
