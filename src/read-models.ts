import { threadDecider } from './modules/comments/thread.decider.js';
import { commentTable, projectThread, threadTable } from './modules/comments/thread.projection.js';
import { rulePackDecider } from './modules/compliance/rule-pack.decider.js';
import { projectRulePack, rulePackTable, rulePackVersionTable } from './modules/compliance/rule-pack.projection.js';
import { ruleQualityDecider } from './modules/compliance/rule-quality.decider.js';
import {
  findingMarkTable,
  projectRuleQuality,
  ruleQualityTable,
} from './modules/compliance/rule-quality.projection.js';
import { ruleSourceDecider } from './modules/compliance/rule-source.decider.js';
import {
  projectRuleSource,
  ruleSourceTable,
  ruleSourceVersionTable,
} from './modules/compliance/rule-source.projection.js';
import { complianceDecider } from './modules/compliance/compliance.decider.js';
import { projectCompliance, reportTable, standingTable } from './modules/compliance/compliance.projection.js';
import { waiverDecider } from './modules/compliance/waiver.decider.js';
import { projectWaiver, waiverTable } from './modules/compliance/waiver.projection.js';
import type { ReadModel } from './modules/event-store/read-model.js';
import { readModel } from './modules/event-store/read-model.js';
import { organizationDecider } from './modules/organizations/organization.decider.js';
import {
  apiKeyTable,
  groupTable,
  memberTable,
  organizationTable,
  projectOrganization,
} from './modules/organizations/organization.projection.js';
import { policyDecider } from './modules/organizations/policy.decider.js';
import { policyTable, policyVersionTable, projectPolicy } from './modules/organizations/policy.projection.js';
import { specDecider } from './modules/specs/spec.decider.js';
import { holdTable, projectSpec, sectionTable, specTable } from './modules/specs/spec.projection.js';
import { templateDecider } from './modules/templates/template.decider.js';
import { endpointDecider } from './modules/webhooks/endpoint.decider.js';
import { endpointTable, projectEndpoint } from './modules/webhooks/endpoint.projection.js';
import { projectTemplate, templateTable } from './modules/templates/template.projection.js';

/** Everything that is projected from history in the transaction of an append, and can be rebuilt from it. */
export const readModels: readonly ReadModel[] = [
  readModel(organizationDecider, projectOrganization, [organizationTable, apiKeyTable, memberTable, groupTable]),
  readModel(policyDecider, projectPolicy, [policyTable, policyVersionTable]),
  readModel(templateDecider, projectTemplate, [templateTable]),
  readModel(specDecider, projectSpec, [specTable, sectionTable, holdTable]),
  readModel(threadDecider, projectThread, [threadTable, commentTable]),
  readModel(ruleSourceDecider, projectRuleSource, [ruleSourceTable, ruleSourceVersionTable]),
  readModel(ruleQualityDecider, projectRuleQuality, [ruleQualityTable, findingMarkTable]),
  readModel(rulePackDecider, projectRulePack, [rulePackTable, rulePackVersionTable]),
  readModel(complianceDecider, projectCompliance, [standingTable, reportTable]),
  readModel(waiverDecider, projectWaiver, [waiverTable]),
  readModel(endpointDecider, projectEndpoint, [endpointTable]),
];
