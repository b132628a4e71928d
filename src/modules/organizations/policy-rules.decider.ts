import type { PutReviewPolicy } from '../../commands/policy.commands.js';
import { Refusal } from '../../commands/refusals.js';
import type { PolicyRules } from '../../commands/review-policy.js';
import { defaultPolicy } from '../../commands/review-policy.js';

/** The rules of a policy in full: what a command leaves out is as the command's documentation says. */
export function rulesOf(command: PutReviewPolicy): PolicyRules {
  const { applies = {}, requirements, sectionOwners = [], title } = command;
  const { templates = [], labels = [], sections = [], minimumSeverity = null } = applies;
  return {
    title,
    applies: { templates, labels, sections, minimumSeverity },
    priority: command.priority ?? 0,
    requirements: requirements.map((one) => {
      const { anyone = false, groups = [], members = [], sectionOwners: owners = false } = one.from;
      return {
        name: one.name,
        from: { anyone, groups, members, sectionOwners: owners },
        count: one.count,
        sections: one.sections ?? [],
        principals: one.principals ?? ['human'],
        distinctFrom: one.distinctFrom ?? ['author', 'contributors'],
        freshWithinMinutes: one.freshWithinMinutes ?? null,
        order: one.order ?? 0,
      };
    }),
    sectionOwners: sectionOwners.map(({ pattern, groups = [], members = [] }) => ({ pattern, groups, members })),
    keepsVotes: command.keepsVotes ?? defaultPolicy.keepsVotes,
    voteExpiresAfterDays: command.voteExpiresAfterDays ?? null,
    dueAfterDays: command.dueAfterDays ?? null,
    conditionalApprovalsCount: command.conditionalApprovalsCount ?? false,
    blockOnOpenThreads: command.blockOnOpenThreads ?? true,
    dependenciesApproved: command.dependenciesApproved ?? false,
    // Left out of the rules as well: the hashes of policies that do not say it are what they were.
    ...(command.complianceVerdict && { complianceVerdict: command.complianceVerdict }),
    requireReasonFor: command.requireReasonFor ?? [],
    changesNeedSecondAdmin: command.changesNeedSecondAdmin ?? false,
    overrideGroups: command.overrideGroups ?? [],
  };
}

/** @throws Refusal `validation_failed` where nobody could ever meet it, or two requirements have one name */
export function mustMakeSense(key: string, { requirements, sectionOwners }: PolicyRules): void {
  const errors = requirements.flatMap(({ name, from }, index) => {
    const pointer = `/requirements/${index}`;
    const first = requirements.findIndex((one) => one.name === name);
    if (first < index) return [{ pointer: `${pointer}/name`, code: 'unique', message: `${name} is there twice` }];
    const isAsked = from.anyone || from.sectionOwners || from.groups.length + from.members.length > 0;
    if (!isAsked) return [{ pointer: `${pointer}/from`, code: 'voters', message: 'nobody is asked' }];
    const isOwned = !from.sectionOwners || sectionOwners.length > 0;
    return isOwned ? [] : [{ pointer: '/sectionOwners', code: 'owners', message: 'no section has owners' }];
  });
  if (key === defaultPolicy.key) {
    throw new Refusal('validation_failed', 'The key is the one of the built-in policy: take another one.');
  }
  if (errors.length > 0)
    throw new Refusal('validation_failed', errors.map(({ message }) => message).join('; '), { errors });
}
