import type { Requirement, ReviewPolicy } from '../../commands/review-policy.js';
import type { PolicyReference } from '../../events/lifecycle.events.js';
import type { Electorate, JudgedReview, JudgedVote, NotCounted, ReviewFacts } from './counting.decider.js';
import { approvalsOf, barredBy, disqualification, invalidity, isElector, notCounted } from './counting.decider.js';
import type { Obstacle } from './obstacle.decider.js';
import { complianceObstacles, obstacle } from './obstacle.decider.js';
import { changedByWriters } from './rules-change.decider.js';
import { fitting, ownersOf } from './section-owners.decider.js';

/** Who could give what is missing. `members` are at most 100 ids; `anyone` says that nobody in particular is meant. */
export type WhoCan = { anyone: boolean; groups: readonly string[]; members: readonly string[] };

/** What a requirement wants of one of the sections whose owners it asks. */
export type SectionVerdict = { section: string; needed: number; have: number; whoCan: WhoCan };

export type RequirementVerdict = {
  name: string;
  met: boolean;
  needed: number;
  have: number;
  missing: number;
  /** What is missing, in words; empty where nothing is. */
  sentence: string;
  voteIds: readonly string[];
  sections: readonly SectionVerdict[];
  whoCan: WhoCan;
  /** Whether enough people are there who could. */
  reachable: boolean;
  /** The requirements that have to be met first. */
  waitsFor: readonly string[];
  notCounted: readonly NotCounted[];
};

export type Judgement = {
  met: boolean;
  policy: PolicyReference;
  /** The votes that count. */
  voteIds: readonly string[];
  requirements: readonly RequirementVerdict[];
  blocking: readonly Obstacle[];
};

/** A requirement's part about one section, or all of it. */
type Seat = Electorate & { section: string | null };
type Open = { since: number; waitsFor: readonly string[] };
type Case = { policy: ReviewPolicy; review: JudgedReview; facts: ReviewFacts; now: Date; approvals: JudgedVote[] };

const mostListed = 100;

/**
 * Whether a policy is met by the votes that stand, requirement by requirement, and what is missing. Pure: `facts` are
 * all that it may know beyond the spec, `now` is when it is asked.
 */
export function judge(policy: ReviewPolicy, review: JudgedReview, facts: ReviewFacts, now: Date): Judgement {
  const asked: Case = { policy, review, facts, now, approvals: approvalsOf(review) };
  const verdicts = new Map<Requirement, RequirementVerdict>();
  let open: Open = { since: 0, waitsFor: [] };
  for (const order of [...new Set(policy.requirements.map((one) => one.order))].sort((a, b) => a - b)) {
    const parallel = policy.requirements.filter((one) => one.order === order);
    const judged = parallel.map((requirement) => ({ requirement, ...judgeRequirement(requirement, asked, open) }));
    for (const { requirement, verdict } of judged) verdicts.set(requirement, verdict);
    const unmet = judged.filter(({ verdict }) => !verdict.met).map(({ verdict }) => verdict.name);
    const since = Math.max(open.since, ...judged.map(({ metAt }) => metAt));
    open = { since, waitsFor: [...open.waitsFor, ...unmet] };
  }
  const requirements = policy.requirements.flatMap((requirement) => verdicts.get(requirement) ?? []);
  const blocking = [...obstacles(asked), ...nothingRequired(requirements)];
  const { key, version, hash } = policy;
  return {
    met: blocking.length === 0 && requirements.every(({ met }) => met),
    policy: { key, version, hash },
    voteIds: [...new Set(requirements.flatMap(({ voteIds }) => voteIds))],
    requirements,
    blocking,
  };
}

/** Also gives the stream version of the vote that met it: from there on, what goes after it is open. */
function judgeRequirement(
  requirement: Requirement,
  asked: Case,
  { since, waitsFor }: Open,
): { verdict: RequirementVerdict; metAt: number } {
  const { policy, review, facts, now, approvals } = asked;
  const { name, count } = requirement;
  const counted = new Set<string>();
  const rejected = new Map<string, NotCounted>();
  let metAt = since;
  const parts = seatsOf(requirement, asked).map((seat) => {
    const votes = approvals.filter((vote) => {
      const order = waitsFor.length > 0 || vote.version < since ? 'out_of_order' : undefined;
      const why =
        invalidity(vote, policy, review, facts, now) ??
        disqualification(vote, requirement, seat, review, facts) ??
        order;
      if (why) rejected.set(vote.voteId, notCounted(vote, why));
      else counted.add(vote.voteId);
      return why === undefined;
    });
    metAt = Math.max(metAt, votes[count - 1]?.version ?? 0);
    const voters = new Set(votes.map(({ principal }) => principal.id));
    const able = voters.size >= count ? [] : ableIn(seat, voters, requirement, asked);
    return { seat, have: Math.min(count, voters.size), able };
  });
  const needed = count * parts.length;
  const have = parts.reduce((sum, part) => sum + part.have, 0);
  const short = parts.filter((part) => part.have < count);
  const verdict = {
    name,
    met: have === needed,
    needed,
    have,
    missing: needed - have,
    sentence:
      have === needed
        ? ''
        : sentenceOf(
            requirement,
            short.map(({ seat }) => seat),
            needed - have,
          ),
    voteIds: [...counted],
    sections: parts.flatMap(({ seat, have, able }) =>
      seat.section === null
        ? []
        : [{ section: seat.section, needed: count, have, whoCan: whoCan(have < count ? [seat] : [], able) }],
    ),
    whoCan: whoCan(
      short.map(({ seat }) => seat),
      [...new Set(short.flatMap(({ able }) => able))],
    ),
    reachable: short.every(
      ({ seat, have, able }) => able.length >= count - have || (seat.anyone && facts.members.size === 0),
    ),
    waitsFor,
    notCounted: [...rejected.values()].filter(({ voteId }) => !counted.has(voteId)),
  };
  return { verdict, metAt };
}

/** One for all, or one for each section that has owners. */
function seatsOf({ from, sections: patterns }: Requirement, { policy, review }: Case): Seat[] {
  const { anyone, groups, members } = from;
  const meant = patterns.length === 0 ? review.sections : fitting(review.sections, patterns);
  if (!from.sectionOwners) {
    if (patterns.length > 0 && meant.length === 0) return [];
    return [{ section: null, anyone, groups, members, covering: patterns.length === 0 ? null : meant }];
  }
  return meant.flatMap((section) => {
    const owners = ownersOf(section, policy.sectionOwners);
    if (owners.groups.length + owners.members.length === 0) return [];
    const own = { groups: [...groups, ...owners.groups], members: [...members, ...owners.members] };
    return [{ section, anyone, ...own, covering: [section] }];
  });
}

/** The members who may fill a seat and have not. */
function ableIn(seat: Seat, voters: Set<string>, requirement: Requirement, { review, facts }: Case): string[] {
  const barred = barredBy(review, requirement.distinctFrom);
  return [...facts.members].flatMap(([id, { kind }]) => {
    const isBarred = voters.has(id) || barred.some(([, people]) => people.has(id));
    return !isBarred && requirement.principals.includes(kind) && isElector(seat, id, facts) ? [id] : [];
  });
}

const whoCan = (seats: readonly Seat[], able: readonly string[]): WhoCan => ({
  anyone: seats.some(({ anyone }) => anyone),
  groups: [...new Set(seats.flatMap(({ groups }) => groups))],
  members: able.slice(0, mostListed),
});

function sentenceOf({ principals, distinctFrom }: Requirement, short: readonly Seat[], missing: number): string {
  const sections = short.flatMap(({ section }) => section ?? []);
  const { anyone, groups, members } = whoCan(
    short,
    short.flatMap((seat) => seat.members),
  );
  const named = [...groups.map((group) => `the group ${group}`), ...(members.length > 0 ? ['the people named'] : [])];
  const from = anyone ? '' : ` from ${named.join(' or ')}`;
  const others = distinctFrom.map((why) => (why === 'contributors' ? why : `the ${why.replace('_', ' ')}`));
  const except = others.length > 0 ? `, other than ${others.join(' and ')}` : '';
  const about = sections.length > 0 ? ` for ${sections.slice(0, 10).join(', ')}` : '';
  const plural = missing === 1 ? 'approval is' : 'approvals are';
  return `${missing} more ${plural} needed${about} by a ${principals.join(' or ')}${from}${except}.`;
}

function obstacles({ policy, review, facts }: Case): Obstacle[] {
  const concerns = review.concerns.filter(({ resolvedAt }) => resolvedAt === null);
  const threads = policy.blockOnOpenThreads ? facts.openBlockingThreads : [];
  const dependencies = policy.dependenciesApproved ? facts.unapprovedDependencies : [];
  return [
    ...concerns.map(({ concernId: id, raisedBy }) =>
      obstacle('open_concern', 'A concern is open; who raised it can resolve it.', id, [raisedBy.id]),
    ),
    ...threads.map((id) => obstacle('open_thread', 'A blocking thread of comments is open.', id)),
    ...dependencies.map((id) => obstacle('dependency_not_approved', 'A spec it depends on is not approved.', id)),
    ...complianceObstacles(facts.compliance),
    ...(changedByWriters(policy, review, facts)
      ? [
          obstacle(
            'policy_changed_by_author',
            'Only who wrote this changed policies, rules, or a group that is asked, since it was submitted.',
          ),
        ]
      : []),
  ];
}

const nothingRequired = (requirements: readonly RequirementVerdict[]): Obstacle[] =>
  requirements.some(({ needed }) => needed > 0)
    ? []
    : [obstacle('nothing_required', 'No requirement of the policy is about anything in this spec.')];
