import { Controller, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import type { Caller } from '../../commands/command.js';
import { ImportReport, Receipt } from '../../commands/receipt.view.js';
import { CommandSpec } from '../../commands/spec-batch.commands.js';
import { RelateSpec, UnrelateSpec } from '../../commands/relation.commands.js';
import { ReplaceSpec } from '../../commands/replace-spec.commands.js';
import { AssignOwner, CreateSpec, ImportSpec, LabelSpec, RetitleSpec } from '../../commands/spec.commands.js';
import { CommandRoute, From, FromRequest } from '../http/command-route.js';
import type { Ask } from '../http/query-route.js';
import { Asked, QueryRoute } from '../http/query-route.js';
import { respond } from '../http/representation.js';
import { SpecElements } from '../markdown/elements.view.js';
import { SpecElementQueries } from './spec-elements.queries.js';
import { SpecEventQueries } from './spec-events.queries.js';
import { SpecListQueries } from './spec-list.queries.js';
import { EventListQuery, SpecListQuery, SpecMoment } from './spec-list.view.js';
import { SpecPageQueries, specMarkdown, specView } from './spec-page.queries.js';
import { EventList } from './spec-event.view.js';
import { SpecList, SpecView } from './spec.view.js';

const tag = 'Specs';
const change = { tag, ifMatch: 'required', receipt: Receipt } as const;
const creates = { id: 'specId', location: ({ specId }: Record<string, unknown>) => `/specs/${String(specId)}` };

@Controller('v1/organizations/:organizationId/specs')
export class SpecsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly specs: SpecPageQueries,
    private readonly lists: SpecListQueries,
    private readonly events: SpecEventQueries,
    private readonly elements: SpecElementQueries,
  ) {}

  @CommandRoute('Post', '', {
    summary: 'Create a spec from a template (JSON), or import a document (Markdown)',
    operationId: 'createSpec',
    tag,
    json: CreateSpec,
    markdown: ImportSpec,
    query: ['template', 'title'],
    creates,
    receipt: Receipt,
  })
  create(@FromRequest() command: CreateSpec | ImportSpec, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }

  @QueryRoute('', {
    summary: 'List, filter and search specs',
    operationId: 'listSpecs',
    tag,
    query: SpecListQuery,
    view: SpecList,
  })
  list(@Asked() { organizationId, query }: Ask<SpecListQuery>) {
    return this.lists.list(organizationId, query);
  }

  @QueryRoute(':specId', {
    summary: 'Read a spec, as it is or as it was',
    operationId: 'getSpec',
    tag,
    query: SpecMoment,
    view: SpecView,
    markdown: true,
    etag: true,
  })
  async get(
    @Asked() { organizationId, path, query, headers }: Ask<SpecMoment>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const page = await this.specs.page(organizationId, path.specId ?? '', query);
    return respond(reply, headers, page.row.version, {
      json: () => specView(page),
      markdown: () => specMarkdown(page),
    });
  }

  @CommandRoute('Put', ':specId', {
    ...change,
    summary: 'Replace a spec: what differs becomes events',
    operationId: 'replaceSpec',
    json: ReplaceSpec,
    markdown: ImportSpec,
    query: ['merge'],
  })
  replace(@FromRequest() command: ReplaceSpec | ImportSpec, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }

  @CommandRoute('Put', ':specId/title', {
    ...change,
    summary: 'Change the title',
    operationId: 'retitleSpec',
    json: RetitleSpec,
  })
  retitle(@FromRequest() command: RetitleSpec, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }

  @CommandRoute('Put', ':specId/labels', {
    ...change,
    summary: 'Replace the labels',
    operationId: 'labelSpec',
    json: LabelSpec,
  })
  label(@FromRequest() command: LabelSpec, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }

  @CommandRoute('Put', ':specId/owner', {
    ...change,
    summary: 'Assign an owner',
    operationId: 'assignOwner',
    json: AssignOwner,
  })
  assignOwner(@FromRequest() command: AssignOwner, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }

  @CommandRoute('Post', ':specId/relations', {
    ...change,
    summary: 'Relate two specs',
    operationId: 'relateSpec',
    json: RelateSpec,
  })
  relate(@FromRequest() command: RelateSpec, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }

  @CommandRoute('Delete', ':specId/relations', {
    ...change,
    summary: 'Take a relation back',
    operationId: 'unrelateSpec',
    bodiless: UnrelateSpec,
    query: ['type', 'relatedSpecId'],
  })
  unrelate(@FromRequest() command: UnrelateSpec, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }

  @CommandRoute('Post', ':specId/commands', {
    ...change,
    summary: 'Run up to 100 commands on one spec: all or none',
    operationId: 'commandSpec',
    json: CommandSpec,
  })
  command(@FromRequest() command: CommandSpec, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }

  @QueryRoute(':specId/elements', {
    summary: 'The typed elements in a spec, with their positions',
    operationId: 'getSpecElements',
    tag,
    query: SpecMoment,
    view: SpecElements,
    etag: true,
  })
  async typedElements(
    @Asked() { organizationId, path, query, headers }: Ask<SpecMoment>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const page = await this.specs.page(organizationId, path.specId ?? '', query);
    return respond(reply, headers, page.row.version, { json: () => this.elements.of(page) });
  }

  @QueryRoute(':specId/events', {
    summary: "The spec's events, oldest first",
    operationId: 'listSpecEvents',
    tag,
    query: EventListQuery,
    view: EventList,
  })
  listEvents(@Asked() { organizationId, path, query }: Ask<EventListQuery>) {
    return this.events.list(organizationId, path.specId ?? '', query);
  }

  @QueryRoute(':specId/import-report', {
    summary: 'What the import made of the document',
    operationId: 'getImportReport',
    tag,
    view: ImportReport,
  })
  importReport(@Asked() { organizationId, path }: Ask) {
    return this.specs.importReport(organizationId, path.specId ?? '');
  }
}
