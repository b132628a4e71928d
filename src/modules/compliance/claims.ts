import type { ComplianceReport } from '../markdown/compliance-report.view.js';
import type { Claim, RuleOutcome } from './evaluation.view.js';
import { singular } from './names.js';
import type { CheckName, Rule } from './rules.js';

/** What the author's consistency table calls the five checks of the template, as it has them and as authors shorten them. */
const consistencyTopics: Partial<Record<CheckName, RegExp>> = {
  'consistency.models_contracts': /\bdata ?models?\b/i,
  'consistency.contracts_ui': /\b(?:api|contracts?)\b.{0,80}\b(?:ui|ux|user interface)\b/i,
  'consistency.risks_writes': /\brisks?\b/i,
  'consistency.commands_mutations': /\bcommands?\b/i,
  'consistency.cache_reads': /\bcach(?:e|es|ing)\b/i,
};

export const consistencyTopic = (check: CheckName | null): RegExp | null =>
  (check === null ? null : consistencyTopics[check]) ?? null;

/** The row of the author's report that speaks of a rule; null where there is none. */
export function claimOf(rule: Rule, report: ComplianceReport | undefined): Claim | null {
  const topic = consistencyTopic(rule.check);
  if (topic) {
    const row = report?.consistency.find(({ check }) => topic.test(check));
    return row ? { status: row.status, notes: row.notes } : null;
  }
  if (!rule.source || !report) return null;
  const [path, asked] = [rule.source.path, contentWords(rule.statement)];
  const likely = report.matrix
    .filter(({ ruleSource }) => mayBeFrom(ruleSource, path))
    .map((row) => ({ row, likeness: likeness(asked, contentWords(row.rule)) }))
    .filter((one) => one.likeness >= leastLikeness)
    .sort((one, other) => other.likeness - one.likeness);
  const row = likely[0]?.row;
  return row ? { status: row.status, notes: row.notes } : null;
}

/** Below this share of common words, a row speaks of another rule. */
const leastLikeness = 0.6;
/** Nor below this share of all words of both. */
const leastShare = 0.25;

/** Whether a source as an author shortens it ("root", "core AGENTS.md", a path) can mean the file. */
function mayBeFrom(stated: string | null, path: string): boolean {
  const file = /[^\s`'"(),;|]{0,200}AGENTS\.md/.exec(stated ?? '')?.[0].replace(/^(?:\.\/)+/, '');
  const words: string[] = (stated ?? '').toLowerCase().match(/[a-z0-9_-]+/g) ?? [];
  if (file !== undefined && file.includes('/')) return path === file || path.endsWith(`/${file}`);
  const folder = path.split('/').at(-2)?.toLowerCase();
  return folder === undefined ? words.includes('root') || words.join(' ') === 'agents md' : words.includes(folder);
}

const stopWords = new Set(
  'a all always an and any are as at be by for from in into is it its must never no not of on only or per should that the their this to use used using via when with'.split(
    ' ',
  ),
);

const contentWords = (text: string): ReadonlySet<string> =>
  new Set(
    (
      text
        .slice(0, 1000)
        .toLowerCase()
        .match(/[\p{L}\p{N}_]+/gu) ?? []
    )
      .map(singular)
      .filter((word) => !stopWords.has(word)),
  );

/**
 * How many of the fewer words are common to both. Nothing for a single word, which says too little, or where the longer
 * one says mostly something else.
 */
function likeness(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const fewer = Math.min(one.size, other.size);
  const common = [...one].filter((word) => other.has(word)).length;
  if (fewer < 2 || common / (one.size + other.size - common) < leastShare) return 0;
  return common / fewer;
}

/** Whether an author's status says that a rule is met. */
export const claimsCompliance = (claim: Claim | null): boolean =>
  /^\W{0,20}(?:fully )?(?:compliant|pass(?:ed|es)?|ok|yes|met|approved)\b|^\s{0,5}[✅✓✔]/i.test(claim?.status ?? '');

export const isGap = (outcome: RuleOutcome): boolean => outcome === 'non_compliant' || outcome === 'not_linked';
