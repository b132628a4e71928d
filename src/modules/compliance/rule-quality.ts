import type { RuleOutcome } from './evaluation.view.js';

/** What is known of how good a rule is. `findings`: that reports ever had; `wrong` of them by humans since a review. */
export type KnownQuality = {
  ruleId: string;
  findings: number;
  wrong: number;
  people: number;
  reviewedAt: string | null;
};

/** So many wrong findings, and so many humans who say so, before a rule is doubted: not one person's opinion. */
export const doubtFrom = { wrong: 5, people: 2 } as const;

/** Whether so many of a rule's findings are wrong that it may only advise until somebody has looked at it. */
export function isDoubted(quality: KnownQuality | undefined, wrongAtMost: number): boolean {
  if (!quality || quality.wrong < doubtFrom.wrong || quality.people < doubtFrom.people) return false;
  return (wrongPercent(quality) ?? 0) > wrongAtMost;
}

/** In percent, to one decimal. A report that is not counted yet may have findings that are marked. */
export function wrongPercent({ findings, wrong }: KnownQuality): number | null {
  const all = Math.max(findings, wrong);
  return all === 0 ? null : Math.round((wrong * 1000) / all) / 10;
}

/** Whether an outcome is one that can be wrong to hold against a spec: what nobody attested is no finding. */
export const isGap = (outcome: RuleOutcome): boolean => outcome === 'non_compliant' || outcome === 'not_linked';
