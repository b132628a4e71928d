import { Controller, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import type { Caller, Outcome } from '../../commands/command.js';
import { PublishRulePack, RetireRulePack } from '../../commands/rule-pack.commands.js';
import { CommandRoute, From, FromRequest } from '../http/command-route.js';
import type { Ask } from '../http/query-route.js';
import { Asked, QueryRoute } from '../http/query-route.js';
import { respond } from '../http/representation.js';
import { RulePackQueries } from './rule-pack.queries.js';
import { RulePackList, RulePackReceipt, RulePackVersionList, RulePackView } from './rule-pack.view.js';
import { ShadowQueries } from './shadow.queries.js';
import { ShadowQuery, ShadowReport } from './shadow.view.js';
import { RuleVersionsFrom } from './rule-source.view.js';

const tag = 'Compliance rules';
const change = { tag, receipt: RulePackReceipt, access: 'admin' } as const;

@Controller('v1/organizations/:organizationId/rule-packs')
export class RulePacksController {
  constructor(
    private readonly commands: CommandBus,
    private readonly packs: RulePackQueries,
    private readonly shadows: ShadowQueries,
  ) {}

  @QueryRoute('', { summary: 'List the rule packs', operationId: 'listRulePacks', tag, view: RulePackList })
  list(@Asked() { organizationId }: Ask): Promise<RulePackList> {
    return this.packs.list(organizationId);
  }

  @CommandRoute('Put', ':packKey', {
    ...change,
    summary: 'Publish a rule pack, or its next version',
    operationId: 'publishRulePack',
    json: PublishRulePack,
  })
  publish(@FromRequest() command: PublishRulePack, @From() caller: Caller): Promise<Outcome> {
    return this.commands.execute(command.from(caller));
  }

  @QueryRoute(':packKey', {
    summary: 'Read a rule pack',
    operationId: 'getRulePack',
    tag,
    view: RulePackView,
    etag: true,
  })
  async one(@Asked() { organizationId, path, headers }: Ask, @Res({ passthrough: true }) reply: FastifyReply) {
    const { view, tag: version } = await this.packs.one(organizationId, path.packKey ?? '');
    return respond(reply, headers, version, { json: () => view });
  }

  @QueryRoute(':packKey/versions', {
    summary: 'List the versions of a rule pack, newest first',
    operationId: 'listRulePackVersions',
    tag,
    query: RuleVersionsFrom,
    view: RulePackVersionList,
  })
  versions(@Asked() { organizationId, path, query }: Ask<RuleVersionsFrom>): Promise<RulePackVersionList> {
    return this.packs.versions(organizationId, path.packKey ?? '', query.from);
  }

  @QueryRoute(':packKey/shadow', {
    summary: 'What the rules of a pack that run in shadow would block',
    operationId: 'getShadowReport',
    tag,
    query: ShadowQuery,
    view: ShadowReport,
  })
  shadow(@Asked() { organizationId, path, query }: Ask<ShadowQuery>): Promise<ShadowReport> {
    return this.shadows.report(organizationId, path.packKey ?? '', query, new Date());
  }

  @CommandRoute('Post', ':packKey/retirement', {
    ...change,
    summary: 'End a rule pack',
    operationId: 'retireRulePack',
    json: RetireRulePack,
  })
  retire(@FromRequest() command: RetireRulePack, @From() caller: Caller): Promise<Outcome> {
    return this.commands.execute(command.from(caller));
  }
}
