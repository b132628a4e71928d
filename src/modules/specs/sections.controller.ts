import { Controller, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import type { Caller } from '../../commands/command.js';
import { Receipt } from '../../commands/receipt.view.js';
import {
  AddSection,
  MarkApplicable,
  MarkNotApplicable,
  MoveSection,
  RemoveSection,
} from '../../commands/section.commands.js';
import { UpdatePreamble } from '../../commands/spec.commands.js';
import { ReviseSection } from '../../commands/spec-batch.commands.js';
import { CommandRoute, From, FromRequest } from '../http/command-route.js';
import type { Ask } from '../http/query-route.js';
import { Asked, QueryRoute } from '../http/query-route.js';
import { respond } from '../http/representation.js';
import { SpecMoment } from './spec-list.view.js';
import { SpecPageQueries } from './spec-page.queries.js';
import { SectionList, SectionView } from './spec.view.js';

const tag = 'Sections';
const change = { tag, ifMatch: 'required', receipt: Receipt } as const;

@Controller('v1/organizations/:organizationId/specs/:specId')
export class SectionsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly specs: SpecPageQueries,
  ) {}

  @CommandRoute('Post', 'sections', {
    summary: 'Add a section',
    operationId: 'addSection',
    tag,
    json: AddSection,
    ifMatch: 'optional',
    creates: {
      location: ({ specId, sectionKey }) => `/specs/${String(specId)}/sections/${String(sectionKey)}`,
    },
    receipt: Receipt,
  })
  add(@FromRequest() command: AddSection, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }

  @QueryRoute('sections', {
    summary: 'Read the sections in order',
    operationId: 'listSections',
    tag,
    query: SpecMoment,
    view: SectionList,
  })
  async list(@Asked() { organizationId, path, query }: Ask<SpecMoment>): Promise<SectionList> {
    return { items: await this.specs.sections(organizationId, path.specId ?? '', query), page: { next: null } };
  }

  @QueryRoute('sections/:sectionKey', {
    summary: 'Read a section',
    operationId: 'getSection',
    tag,
    query: SpecMoment,
    view: SectionView,
    markdown: true,
    etag: true,
  })
  async get(
    @Asked() { organizationId, path, query, headers }: Ask<SpecMoment>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const section = await this.specs.section(organizationId, path.specId ?? '', path.sectionKey ?? '', query);
    return respond(reply, headers, section.version, { json: () => section, markdown: () => section.body });
  }

  @CommandRoute('Patch', 'sections/:sectionKey', {
    ...change,
    summary: 'Change the body or the heading of a section',
    operationId: 'updateSection',
    json: ReviseSection,
  })
  update(@FromRequest() command: ReviseSection, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }

  @CommandRoute('Delete', 'sections/:sectionKey', {
    ...change,
    summary: 'Remove a section',
    operationId: 'removeSection',
    bodiless: RemoveSection,
  })
  remove(@FromRequest() command: RemoveSection, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }

  @CommandRoute('Post', 'sections/:sectionKey/move', {
    ...change,
    summary: 'Move a section',
    operationId: 'moveSection',
    json: MoveSection,
  })
  move(@FromRequest() command: MoveSection, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }

  @CommandRoute('Put', 'sections/:sectionKey/not-applicable', {
    ...change,
    summary: 'Say that a section does not apply, and why',
    operationId: 'markNotApplicable',
    json: MarkNotApplicable,
  })
  markNotApplicable(@FromRequest() command: MarkNotApplicable, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }

  @CommandRoute('Delete', 'sections/:sectionKey/not-applicable', {
    ...change,
    summary: 'Say that a section applies after all',
    operationId: 'markApplicable',
    bodiless: MarkApplicable,
  })
  markApplicable(@FromRequest() command: MarkApplicable, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }

  @CommandRoute('Put', 'preamble', {
    ...change,
    summary: 'Replace what stands before the first section',
    operationId: 'updatePreamble',
    json: UpdatePreamble,
  })
  updatePreamble(@FromRequest() command: UpdatePreamble, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }
}
