import { threadDecider } from './modules/comments/thread.decider.js';
import { commentTable, projectThread, threadTable } from './modules/comments/thread.projection.js';
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
import { projectSpec, sectionTable, specTable } from './modules/specs/spec.projection.js';
import { templateDecider } from './modules/templates/template.decider.js';
import { endpointDecider } from './modules/webhooks/endpoint.decider.js';
import { endpointTable, projectEndpoint } from './modules/webhooks/endpoint.projection.js';
import { projectTemplate, templateTable } from './modules/templates/template.projection.js';

/** Everything that is projected from history in the transaction of an append, and can be rebuilt from it. */
export const readModels: readonly ReadModel[] = [
  readModel(organizationDecider, projectOrganization, [organizationTable, apiKeyTable, memberTable, groupTable]),
  readModel(policyDecider, projectPolicy, [policyTable, policyVersionTable]),
  readModel(templateDecider, projectTemplate, [templateTable]),
  readModel(specDecider, projectSpec, [specTable, sectionTable]),
  readModel(threadDecider, projectThread, [threadTable, commentTable]),
  readModel(endpointDecider, projectEndpoint, [endpointTable]),
];
