import type { commentEvents } from '../src/events/comment.events.js';
import type { organizationEvents } from '../src/events/organization.events.js';
import type { policyEvents } from '../src/events/policy.events.js';
import type { rulePackEvents } from '../src/events/rule-pack.events.js';
import type { ruleQualityEvents } from '../src/events/rule-quality.events.js';
import type { ruleSourceEvents } from '../src/events/rule-source.events.js';
import type { specComplianceEvents } from '../src/events/spec-compliance.events.js';
import type { specEvents } from '../src/events/spec.events.js';
import type { templateEvents } from '../src/events/template.events.js';
import type { waiverEvents } from '../src/events/waiver.events.js';
import type { webhookEvents } from '../src/events/webhook.events.js';
import { commentSamples } from './golden-comments.js';
import { complianceSamples, waiverSamples } from './golden-compliance.js';
import { organizationSamples, templateSamples } from './golden-organizations.js';
import { policySamples } from './golden-policies.js';
import { reviewSamples } from './golden-reviews.js';
import { rulePackSamples, ruleQualitySamples, ruleSourceSamples } from './golden-rules.js';
import { specSamples } from './golden-specs.js';
import type { SamplesOf } from './golden-values.js';
import { webhookSamples } from './golden-webhooks.js';

type Catalog = typeof commentEvents &
  typeof organizationEvents &
  typeof policyEvents &
  typeof specEvents &
  typeof templateEvents &
  typeof ruleSourceEvents &
  typeof rulePackEvents &
  typeof ruleQualityEvents &
  typeof specComplianceEvents &
  typeof waiverEvents &
  typeof webhookEvents;
export type EventName = keyof Catalog;

/** What golden files are made from (`npm run golden`): all members of each event, those that may be absent as well. */
export const samples: SamplesOf<Catalog> = {
  ...commentSamples,
  ...organizationSamples,
  ...policySamples,
  ...specSamples,
  ...reviewSamples,
  ...templateSamples,
  ...ruleSourceSamples,
  ...rulePackSamples,
  ...ruleQualitySamples,
  ...complianceSamples,
  ...waiverSamples,
  ...webhookSamples,
};
