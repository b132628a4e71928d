import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Caller } from '../../commands/command.js';
import { PublishTemplate } from '../../commands/template.commands.js';
import { CommandRoute, From, FromRequest } from '../http/command-route.js';
import type { Ask } from '../http/query-route.js';
import { Asked, QueryRoute } from '../http/query-route.js';
import { TemplateQueries } from './template.queries.js';
import { TemplateList, TemplateReceipt, TemplateVersion, TemplateView } from './template.view.js';

const tag = 'Templates';

@Controller('v1/organizations/:organizationId/templates')
export class TemplatesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly templates: TemplateQueries,
  ) {}

  @CommandRoute('Post', '', {
    summary: 'Publish a template or its next version',
    operationId: 'publishTemplate',
    tag,
    json: PublishTemplate,
    creates: { location: ({ key }) => `/templates/${String(key)}` },
    receipt: TemplateReceipt,
    access: 'admin',
  })
  publish(@FromRequest() command: PublishTemplate, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }

  @QueryRoute('', { summary: 'List the templates', operationId: 'listTemplates', tag, view: TemplateList })
  list(@Asked() { organizationId }: Ask) {
    return this.templates.list(organizationId);
  }

  @QueryRoute(':templateKey', {
    summary: 'Read a template',
    operationId: 'getTemplate',
    tag,
    query: TemplateVersion,
    view: TemplateView,
  })
  one(@Asked() { organizationId, path, query }: Ask<TemplateVersion>) {
    return this.templates.view(organizationId, path.templateKey ?? '', query.version);
  }
}
