import { commentCommands } from '../../commands/comment.commands.js';
import { dependencyCommands } from '../../commands/dependency.commands.js';
import { exportCommands } from '../../commands/export.commands.js';
import { holdCommands } from '../../commands/hold.commands.js';
import { lifecycleCommands } from '../../commands/lifecycle.commands.js';
import { organizationCommands } from '../../commands/organization.commands.js';
import { overrideCommands } from '../../commands/override.commands.js';
import { policyCommands } from '../../commands/policy.commands.js';
import { progressCommands } from '../../commands/progress.commands.js';
import { reviewCommands } from '../../commands/review.commands.js';
import { rulePackCommands } from '../../commands/rule-pack.commands.js';
import { ruleQualityCommands } from '../../commands/rule-quality.commands.js';
import { ruleSourceCommands } from '../../commands/rule-source.commands.js';
import { ReviseSection } from '../../commands/spec-batch.commands.js';
import { shareCommands } from '../../commands/share.commands.js';
import { specComplianceCommands } from '../../commands/spec-compliance.commands.js';
import { specCommands } from '../../commands/spec.commands.js';
import { templateCommands } from '../../commands/template.commands.js';
import { waiverCommands } from '../../commands/waiver.commands.js';

const catalogs = [
  commentCommands,
  dependencyCommands,
  exportCommands,
  holdCommands,
  lifecycleCommands,
  organizationCommands,
  overrideCommands,
  policyCommands,
  progressCommands,
  reviewCommands,
  rulePackCommands,
  ruleQualityCommands,
  ruleSourceCommands,
  shareCommands,
  specCommands,
  specComplianceCommands,
  templateCommands,
  waiverCommands,
  // It becomes this one, or a renaming as well.
  { 'spec.section.update': ReviseSection },
];
const names = new Map<unknown, string>(
  catalogs.flatMap((catalog) => Object.entries(catalog).map(([name, type]) => [type, name])),
);

/** The wire name of the first of some commands that has one: a batch has none of its own. */
export const commandName = (...types: ((new () => object) | undefined)[]): string | undefined =>
  types.flatMap((type) => names.get(type) ?? [])[0];
