import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Caller, Outcome } from '../../commands/command.js';
import { MarkFinding, ReviewRule } from '../../commands/rule-quality.commands.js';
import { CommandRoute, From, FromRequest } from '../http/command-route.js';
import type { Ask } from '../http/query-route.js';
import { Asked, QueryRoute } from '../http/query-route.js';
import { RuleQueries } from './rule.queries.js';
import { RuleDetailView, RuleList, RuleListQuery, RuleQualityReceipt } from './rule.view.js';

const tag = 'Compliance rules';

@Controller('v1/organizations/:organizationId/rules')
export class RulesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly rules: RuleQueries,
  ) {}

  @QueryRoute('', {
    summary: 'List the rules in force, and how good each is',
    operationId: 'listRules',
    tag,
    query: RuleListQuery,
    view: RuleList,
    waitsFor: 'rule-results',
  })
  list(@Asked() { organizationId, query }: Ask<RuleListQuery>): Promise<RuleList> {
    return this.rules.list(organizationId, query);
  }

  @QueryRoute(':ruleKey', {
    summary: 'Read a rule in force, and what was said of its findings',
    operationId: 'getRule',
    tag,
    view: RuleDetailView,
    waitsFor: 'rule-results',
  })
  one(@Asked() { organizationId, path }: Ask): Promise<RuleDetailView> {
    return this.rules.one(organizationId, path.ruleKey ?? '');
  }

  @CommandRoute('Post', ':ruleKey/finding-marks', {
    summary: 'Mark a finding of the last report as wrong, or as right after all',
    operationId: 'markFinding',
    tag,
    json: MarkFinding,
    inBody: ['specId'],
    receipt: RuleQualityReceipt,
  })
  mark(@FromRequest() command: MarkFinding, @From() caller: Caller): Promise<Outcome> {
    return this.commands.execute(command.from(caller));
  }

  @CommandRoute('Post', ':ruleKey/review', {
    summary: 'Say that somebody looked at a rule: it judges as its pack says again',
    operationId: 'reviewRule',
    tag,
    json: ReviewRule,
    receipt: RuleQualityReceipt,
    access: 'admin',
  })
  review(@FromRequest() command: ReviewRule, @From() caller: Caller): Promise<Outcome> {
    return this.commands.execute(command.from(caller));
  }
}
