import { hash } from 'node:crypto';
import type { ChangeKind } from '../events/review.events.js';
import type { keyPrincipals } from './organization.commands.js';

/** Whose acting counts: a person, an agent or a program. */
export type PrincipalKind = (typeof keyPrincipals)[number];

/** Whom a vote must not come from, nor be cast with a key that came from them. */
export const distinctions = ['author', 'contributors', 'last_editor'] as const;
export type Distinction = (typeof distinctions)[number];

/** How bad a risk is, worst first, as risks in documents say it. */
export const severities = ['Critical', 'High', 'Medium', 'Low'] as const;
export type Severity = (typeof severities)[number];

/** The transitions that need no reason unless a policy asks for one. */
export const reasonableTransitions = ['submit', 'start', 'complete', 'supersede'] as const;

/** What a compliance report must say for an approval; `none` asks for no report. */
export const complianceDemands = ['none', 'compliant', 'compliant_or_waived'] as const;
export type ComplianceDemand = (typeof complianceDemands)[number];

/** How many votes a policy wants, from whom, on what. */
export type Requirement = {
  name: string;
  /** Whoever is one of these; `sectionOwners` asks for `count` votes for each section that has owners. */
  from: { anyone: boolean; groups: string[]; members: string[]; sectionOwners: boolean };
  count: number;
  /** Patterns of section keys: a vote must cover every section that fits one; without any it must cover the whole spec. */
  sections: string[];
  principals: PrincipalKind[];
  distinctFrom: Distinction[];
  /** How young the key must be that a vote is cast with; null for any age. */
  freshWithinMinutes: number | null;
  /** Votes count once every requirement of a lower order is met; those of equal order go side by side. */
  order: number;
};

/** Who owns the sections that fit a pattern; nobody where both lists are empty. */
export type SectionOwnership = { pattern: string; groups: string[]; members: string[] };

/** Which specs a policy judges: those that fit each of the four; an empty list and null fit all. */
export type PolicyScope = {
  templates: string[];
  labels: string[];
  sections: string[];
  minimumSeverity: Severity | null;
};

export type PolicyRules = {
  title: string;
  applies: PolicyScope;
  /** Of several that apply the one with the highest priority judges; of equal ones the first by key. */
  priority: number;
  requirements: Requirement[];
  /** As in a CODEOWNERS file: the last pattern that fits a section decides. */
  sectionOwners: SectionOwnership[];
  /** The kinds of change that a vote outlives. */
  keepsVotes: ChangeKind[];
  voteExpiresAfterDays: number | null;
  /** How long after its submission a spec should be decided on; null where nothing is said. */
  dueAfterDays: number | null;
  /** Whether "approve with conditions" counts as an approval. */
  conditionalApprovalsCount: boolean;
  blockOnOpenThreads: boolean;
  dependenciesApproved: boolean;
  /**
   * What the last report must say, about exactly this content and these rules. Where it is left out, and so in policies
   * that are older than it: `compliant_or_waived` once the organization has published a rule pack, `none` before.
   */
  complianceVerdict?: ComplianceDemand;
  requireReasonFor: (typeof reasonableTransitions)[number][];
  changesNeedSecondAdmin: boolean;
  /** Whose members may approve by override. */
  overrideGroups: string[];
};

/** A policy in one of its versions. `hash` is over its key, version and rules: what an approval was judged by. */
export type ReviewPolicy = PolicyRules & {
  key: string;
  version: number;
  hash: string;
  /** When this version came into force; empty for the built-in policy. */
  decidedAt: string;
  /** The actors who made it so: the proposer, and the second administrator where there was one. */
  decidedBy: readonly string[];
};

const ordered = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
    : value;

/** SHA-256, hex, over the canonical JSON (members in the order of their names) of key, version and rules. */
export const policyHash = (key: string, version: number, rules: PolicyRules): string =>
  hash('sha256', JSON.stringify({ ...rules, key, version }, ordered));

const defaultRules: PolicyRules = {
  title: 'One other person',
  applies: { templates: [], labels: [], sections: [], minimumSeverity: null },
  priority: 0,
  requirements: [
    {
      name: 'approval',
      from: { anyone: true, groups: [], members: [], sectionOwners: false },
      count: 1,
      sections: [],
      principals: ['human'],
      distinctFrom: ['author', 'contributors'],
      freshWithinMinutes: null,
      order: 0,
    },
  ],
  sectionOwners: [],
  keepsVotes: ['none', 'formatting_only', 'changelog_only', 'link_fix'],
  voteExpiresAfterDays: null,
  dueAfterDays: null,
  conditionalApprovalsCount: false,
  blockOnOpenThreads: true,
  dependenciesApproved: false,
  requireReasonFor: [],
  changesNeedSecondAdmin: false,
  overrideGroups: [],
};

/** What judges where no policy of the organization applies: one human who did not write it. */
export const defaultPolicy: ReviewPolicy = {
  ...defaultRules,
  key: 'default',
  version: 1,
  hash: policyHash('default', 1, defaultRules),
  decidedAt: '',
  decidedBy: [],
};
