import { Refusal } from '../../commands/refusals.js';
import type { FindingPosition, MarkFinding } from '../../commands/rule-quality.commands.js';
import { ruleQualityCommands } from '../../commands/rule-quality.commands.js';
import { ruleQualityEvents } from '../../events/rule-quality.events.js';
import type { Decider } from '../event-store/decider.js';
import { refuseAgents } from './rule-source.decider.js';

/** What somebody said of one finding. `open` until the rule was reviewed. */
export type FindingMark = {
  specId: string;
  element: string | null;
  position: FindingPosition;
  by: string;
  counts: boolean;
  open: boolean;
};
export type RuleQuality = { ruleId: string; marks: readonly FindingMark[]; reviewedAt: string | null };
export type RuleQualityState = RuleQuality | null;

/** The last report of the spec, as far as the rule is concerned; null where there is none. And whose word counts. */
export type MarkFacts = {
  isRule: boolean;
  counts: boolean;
  reported: { reportId: string; isFinding: boolean; elements: ReadonlySet<string> } | null;
};

/** The oldest are forgotten; history has them. */
const mostMarks = 2000;

export const ruleQualityDecider: Decider<RuleQualityState, typeof ruleQualityCommands, typeof ruleQualityEvents> = {
  streamType: 'rule_quality',
  commands: ruleQualityCommands,
  events: ruleQualityEvents,
  initial: null,
  bytes: (quality) => 500 + 300 * (quality?.marks.length ?? 0),

  decide: {
    'compliance.finding.mark': (state, command) => {
      const { caller, ruleKey: ruleId, specId, element = null, position, reason } = command;
      const reportId = reportOf(command);
      const { counts } = command.facts as MarkFacts;
      const before = state?.marks.find(sameAs({ specId, element, by: caller.actor.id }));
      if (before?.open && before.position === position && before.counts === counts) return [];
      const data = { ruleId, specId, element, position, reason, counts, reportId };
      return [{ type: 'compliance.finding.marked', data }];
    },
    'compliance.rule.review': (state, { caller, facts, ruleKey: ruleId, reason }) => {
      mustBeRule(ruleId, facts as MarkFacts);
      refuseAgents(caller);
      if (!state)
        throw new Refusal('not_found', 'No finding of this rule was ever marked: there is nothing to look at.');
      if (!state.marks.some(({ open }) => open)) return [];
      return [{ type: 'compliance.rule.reviewed', data: { ruleId, reason } }];
    },
  },

  evolve: {
    'compliance.finding.marked': (state, { ruleId, specId, element, position, counts }, { actor }) => {
      const mark = { specId, element, position, by: actor.id, counts, open: true };
      const others = (state?.marks ?? []).filter((one) => !sameAs(mark)(one));
      return { ruleId, marks: [...others, mark].slice(-mostMarks), reviewedAt: state?.reviewedAt ?? null };
    },
    'compliance.rule.reviewed': (state, { ruleId }, { at }) => {
      return { ruleId, marks: (state?.marks ?? []).map((mark) => ({ ...mark, open: false })), reviewedAt: at };
    },
  },

  tag: (state, version) => (state ? version : null),
  touches: () => true,
  receipt: (state) => ({ ruleId: state?.ruleId, ...countOf(state?.marks ?? []) }),
};

const sameAs =
  ({ specId, element, by }: Pick<FindingMark, 'specId' | 'element' | 'by'>) =>
  (mark: FindingMark): boolean =>
    mark.specId === specId && mark.element === element && mark.by === by;

/** Findings that count as wrong: marked so by somebody whose word counts, since the last review; by how many people. */
export function countOf(marks: readonly FindingMark[]): { wrong: number; people: number } {
  const counted = marks.filter(({ position, counts: isCounted, open }) => position === 'wrong' && isCounted && open);
  return {
    wrong: new Set(counted.map(({ specId, element }) => `${specId} ${element ?? ''}`)).size,
    people: new Set(counted.map(({ by }) => by)).size,
  };
}

function mustBeRule(ruleId: string, { isRule }: MarkFacts): void {
  if (!isRule) throw new Refusal('not_found', `No rule ${ruleId} is in force.`);
}

function reportOf({ ruleKey, element, facts }: MarkFinding): string {
  const { reported, ...rest } = facts as MarkFacts;
  mustBeRule(ruleKey, { ...rest, reported });
  if (!reported) throw new Refusal('not_found', 'There is no such spec, or no report on it.');
  const isThere = element ? reported.elements.has(element) : reported.isFinding;
  if (isThere) return reported.reportId;
  const message = element ? `the last report finds nothing about ${element}` : 'the last report finds nothing';
  throw new Refusal('validation_failed', `By this rule ${message}.`, {
    errors: [{ pointer: '/element', code: 'finding', message }],
  });
}
