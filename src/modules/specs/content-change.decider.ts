import type { DomainCommand } from '../../commands/command.js';
import type { Lifecycle } from '../../commands/lifecycle.commands.js';
import { Refusal } from '../../commands/refusals.js';
import type { ReviewPolicy } from '../../commands/review-policy.js';
import type { PartChange } from '../../events/review.events.js';
import type { TextChange } from '../markdown/change-kind.js';
import { kindsOfChanges } from '../markdown/change-kind.js';
import type { SpecEvent } from './differences.decider.js';
import type { Review, Vote } from './review-state.decider.js';
import { standing } from './review-state.decider.js';
import type { Spec, SpecState } from './spec-state.decider.js';

/** For a change under review: the present text of each section, and the policy, which says what votes outlive. */
export type OutdatingFacts = { texts: ReadonlyMap<string, string>; policy: ReviewPolicy };

type Rule<C> = (state: SpecState, command: C) => SpecEvent[];

/**
 * A rule of content as it holds where a spec can be under review or approved: what is locked is refused, and what votes
 * do not outlive makes them outdated in the same append. In a draft it is the rule itself.
 */
export const guarded =
  <C extends DomainCommand>(rule: Rule<C>): Rule<C> =>
  (state, command) => {
    const events = rule(state, command);
    if (!state || state.review.lifecycle === 'draft' || events.length === 0) return events;
    mustBeOpen(state.review, events);
    return [...events, ...outdated(state, events, command.facts)];
  };

/** What describes a spec rather than being it. */
const descriptive = ['spec.document.labelled', 'spec.document.related', 'spec.document.unrelated'];

/** Whether votes would have to be looked at, and so {@link OutdatingFacts} be gathered. */
export const hasVotesToLose = (state: SpecState): state is Spec =>
  state?.review.lifecycle === 'in_review' && standing(state.review).length > 0;

function mustBeOpen({ lifecycle, inForce }: Review, events: readonly SpecEvent[]): void {
  for (const { type } of events) {
    if (type === 'spec.document.owner_assigned') continue;
    const isDescriptive = descriptive.includes(type);
    if (isDescriptive ? lifecycle !== 'in_review' : lifecycle === 'in_review') continue;
    throw new Refusal('content_locked', isDescriptive ? chosenPolicy : lockedBecause(lifecycle, inForce !== null), {
      lifecycle,
    });
  }
}

const chosenPolicy =
  'Labels and relations say which policy judges the spec: they stay as they are while it is in review. Return it first.';

function lockedBecause(lifecycle: Lifecycle, wasApproved: boolean): string {
  const isOver = lifecycle === 'superseded' || lifecycle === 'deprecated' || lifecycle === 'archived';
  if (isOver) return `The spec is ${lifecycle}: its content stays as it is.`;
  return wasApproved
    ? `The spec is ${lifecycle}: its content changes by an amendment only (POST .../transitions/amend).`
    : `The spec is ${lifecycle}: reopen it to change its content (POST .../transitions/reopen).`;
}

function outdated(spec: Spec, events: readonly SpecEvent[], facts: Partial<OutdatingFacts>): SpecEvent[] {
  if (!hasVotesToLose(spec)) return [];
  const { texts, policy } = facts;
  if (!texts || !policy) throw new Error('what votes outlive is not at hand');
  const changes = partChanges(spec, events, texts).filter(({ kind }) => kind !== 'none');
  const harmful = changes.filter(({ kind }) => !policy.keepsVotes.includes(kind));
  const lost = standing(spec.review).filter((vote) => harmful.some((change) => isAbout(vote, change)));
  if (lost.length === 0) return [];
  return [{ type: 'spec.vote.outdated', data: { voteIds: lost.map(({ voteId }) => voteId), changes } }];
}

const isAbout = ({ covers }: Vote, { section }: PartChange): boolean =>
  covers === null || (section !== null && covers.includes(section));

type Text = { heading: string; body: string };

/** Each part that events change, once, with the kind of the whole change; what came, went or moved is normative. */
function partChanges(spec: Spec, events: readonly SpecEvent[], texts: ReadonlyMap<string, string>): PartChange[] {
  const after = new Map<string, Text | 'moved'>();
  const textOf = (key: string): Text | 'moved' => {
    const section = spec.sections.find((one) => one.key === key);
    const body = texts.get(key);
    return after.get(key) ?? (section && body !== undefined ? { heading: section.headingSource, body } : 'moved');
  };
  const rewrite = (key: string, change: Partial<Text>) => {
    const text = textOf(key);
    after.set(key, text === 'moved' ? text : { ...text, ...change });
  };
  let preamble = spec.preamble;
  for (const { type, data } of events) {
    if ('preamble' in data) preamble = data.preamble;
    else if (type === 'spec.section.updated') rewrite(data.key, { body: data.body });
    else if (type === 'spec.section.renamed') rewrite(data.key, { heading: data.headingSource });
    else if (type === 'spec.section.added') after.set(data.section.key, 'moved');
    else if ('key' in data) after.set(data.key, 'moved');
  }
  const whole: PartChange[] = [];
  const compared: TextChange[] =
    preamble === spec.preamble ? [] : [{ section: null, before: spec.preamble, after: preamble }];
  for (const [key, text] of after) {
    const old = spec.sections.find((one) => one.key === key);
    if (text === 'moved' || !old || old.notApplicable !== null) whole.push({ section: key, kind: 'normative' });
    else {
      const before = old.headingSource + (texts.get(key) ?? '');
      compared.push({ section: key, before, after: text.heading + text.body });
    }
  }
  const kinds = kindsOfChanges(compared);
  return [...compared.map(({ section }, at): PartChange => ({ section, kind: kinds[at] ?? 'normative' })), ...whole];
}
