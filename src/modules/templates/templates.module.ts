import { Injectable, Module } from '@nestjs/common';
import { CommandHandler } from '@nestjs/cqrs';
import { TemplateCommand } from '../../commands/template.commands.js';
import type { FactsSource } from '../event-store/facts-source.js';
import { DeciderHandler } from '../event-store/decider-handler.js';
import { EventStoreModule } from '../event-store/event-store.module.js';
import { builtInTemplate } from './built-in-templates.js';
import type { TemplateFacts } from './template.decider.js';
import { templateDecider } from './template.decider.js';
import { projectTemplate } from './template.projection.js';
import { TemplateQueries } from './template.queries.js';
import { TemplatesController } from './templates.controller.js';

@Injectable()
class TemplateFactsSource implements FactsSource {
  gather(command: TemplateCommand): Promise<TemplateFacts> {
    return Promise.resolve({ builtInVersion: command.key === builtInTemplate.key ? builtInTemplate.version : 0 });
  }
}

@Injectable()
@CommandHandler(TemplateCommand)
class TemplateHandler extends DeciderHandler(templateDecider, projectTemplate, TemplateFactsSource) {}

@Module({
  imports: [EventStoreModule],
  controllers: [TemplatesController],
  providers: [TemplateHandler, TemplateFactsSource, TemplateQueries],
  exports: [TemplateQueries],
})
export class TemplatesModule {}
