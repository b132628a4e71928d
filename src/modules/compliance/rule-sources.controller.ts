import { Controller, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import type { Caller, Outcome } from '../../commands/command.js';
import { PutRuleSource, RetireRuleSource } from '../../commands/rule-source.commands.js';
import { CommandRoute, From, FromRequest } from '../http/command-route.js';
import type { Ask } from '../http/query-route.js';
import { Asked, QueryRoute } from '../http/query-route.js';
import { respond } from '../http/representation.js';
import { OverviewQueries } from './overview.queries.js';
import { SourceStandings } from './overview.view.js';
import { RuleSourceQueries } from './rule-source.queries.js';
import {
  RuleSourceList,
  RuleSourceReceipt,
  RuleSourceVersionList,
  RuleSourceView,
  RuleVersionsFrom,
} from './rule-source.view.js';

const tag = 'Compliance rules';
const change = { tag, receipt: RuleSourceReceipt, access: 'admin' } as const;

@Controller('v1/organizations/:organizationId/rule-sources')
export class RuleSourcesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly sources: RuleSourceQueries,
    private readonly overviews: OverviewQueries,
  ) {}

  @QueryRoute('', { summary: 'List the rule files', operationId: 'listRuleSources', tag, view: RuleSourceList })
  list(@Asked() { organizationId }: Ask): Promise<RuleSourceList> {
    return this.sources.list(organizationId);
  }

  @CommandRoute('Put', ':path', {
    ...change,
    summary: 'Take in a rule file, or its next version',
    operationId: 'putRuleSource',
    json: PutRuleSource,
    markdown: PutRuleSource,
    query: ['revision'],
  })
  put(@FromRequest() command: PutRuleSource, @From() caller: Caller): Promise<Outcome> {
    return this.commands.execute(command.from(caller));
  }

  @QueryRoute(':path', {
    summary: 'Read a rule file and its statements',
    operationId: 'getRuleSource',
    tag,
    view: RuleSourceView,
    markdown: true,
    etag: true,
  })
  async one(@Asked() { organizationId, path, headers }: Ask, @Res({ passthrough: true }) reply: FastifyReply) {
    const { view, markdown, tag: version } = await this.sources.one(organizationId, path.path ?? '');
    return respond(reply, headers, version, { json: () => view, markdown: () => markdown });
  }

  @QueryRoute(':path/versions', {
    summary: 'List the versions of a rule file and what each changed, newest first',
    operationId: 'listRuleSourceVersions',
    tag,
    query: RuleVersionsFrom,
    view: RuleSourceVersionList,
  })
  versions(@Asked() { organizationId, path, query }: Ask<RuleVersionsFrom>): Promise<RuleSourceVersionList> {
    return this.sources.versions(organizationId, path.path ?? '', query.from);
  }

  @QueryRoute(':path/stale-verdicts', {
    summary: 'Which verdicts changes of a rule file made stale, and by which rules',
    operationId: 'listStaleVerdicts',
    tag,
    view: SourceStandings,
    waitsFor: 'rule-results',
  })
  stale(@Asked() { organizationId, path }: Ask): Promise<SourceStandings> {
    return this.overviews.madeStaleBy(organizationId, path.path ?? '');
  }

  @CommandRoute('Post', ':path/retirement', {
    ...change,
    summary: 'End a rule file',
    operationId: 'retireRuleSource',
    json: RetireRuleSource,
  })
  retire(@FromRequest() command: RetireRuleSource, @From() caller: Caller): Promise<Outcome> {
    return this.commands.execute(command.from(caller));
  }
}
