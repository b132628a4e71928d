import type { ComplianceReport, ComplianceRule, ConsistencyCheck, NonCompliantItem } from './compliance-report.view.js';
import { codeSpans, plainText } from './inline.js';
import { readLabels } from './labels.js';
import type { Section } from './section.js';
import { itemsOf, tablesOf, withSubparts } from './section.js';
import { readTable } from './tables.js';
import { headingWords } from './topics.js';
import { joined } from './tree.js';
import type { Block, Item, Part, Table } from './tree.js';

const matrixColumns = {
  ruleSource: ['rule source', 'source'],
  rule: ['rule', 'must rule', 'requirement'],
  status: ['status', 'result', 'compliance'],
  notes: ['notes', 'note', 'evidence', 'comment'],
} as const;

const consistencyColumns = {
  check: ['check', 'canonical check', 'consistency check'],
  status: ['status', 'result', 'verdict'],
  notes: ['notes', 'note', 'comment'],
} as const;

const itemFields = {
  rule: ['rule'],
  source: ['source', 'rule source'],
  gap: ['gap', 'issue'],
  recommendation: ['recommendation', 'fix', 'recommended fix'],
} as const;

/**
 * Compliance reports: one for each outermost heading about compliance, and one for each `Final Compliance Report`
 * below it. What the author claims is given as written; only the verdict is classed.
 */
export function readComplianceReports(section: Section): ComplianceReport[] {
  const parts = section.about('compliance');
  const starts = parts.filter((part) => startsReport(part) || !part.parents.some((parent) => parts.includes(parent)));
  return starts.flatMap((start) => {
    const own = withSubparts(parts, start).filter(
      (part) => part === start || !starts.some((other) => other !== start && isBelow(part, other, start)),
    );
    return readReport(section, start, own);
  });
}

const startsReport = (part: Part): boolean => headingWords(part.title).startsWith('final compliance report');

const isBelow = (part: Part, other: Part, start: Part): boolean =>
  other.parents.includes(start) && (part === other || part.parents.includes(other));

function readReport(section: Section, start: Part, parts: readonly Part[]): ComplianceReport[] {
  const report = {
    date: /\d{4}-\d\d-\d\d/.exec(start.title)?.[0] ?? null,
    filesReviewed: parts.filter((part) => /files reviewed$/.test(headingWords(part.title))).flatMap(filesReviewed),
    matrix: [] as ComplianceRule[],
    consistency: [] as ConsistencyCheck[],
    nonCompliantItems: parts
      .filter((part) => /^non-?compliant items?$/.test(headingWords(part.title)))
      .flatMap((part) => nonCompliantItems(section, part)),
    verdict: verdictOf(parts),
  };
  for (const table of parts.flatMap((part) => tablesOf(part.blocks))) readRows(section, table, report);
  const { filesReviewed: files, matrix, consistency, nonCompliantItems: items, verdict } = report;
  if (files.length + matrix.length + consistency.length + items.length === 0 && verdict === null) {
    const written = parts.some((part) => part.blocks.length > 0);
    if (written) section.report('complianceReport', 'No matrix, check, reviewed file or verdict was found.', start);
    return [];
  }
  const position = section.place({ start: start.start, end: parts.at(-1)?.end ?? start.end });
  return [{ ...report, verdictClass: verdict === null ? null : verdictClassOf(verdict), position }];
}

type Rows = { matrix: ComplianceRule[]; consistency: ConsistencyCheck[] };

function readRows(section: Section, table: Table, into: Rows): void {
  const matrix = readTable(table, matrixColumns);
  const checks = readTable(table, consistencyColumns);
  if (!(matrix.has('rule') && matrix.has('status')) && !(checks.has('check') && checks.has('status'))) {
    const known = matrix.has('rule') && readTable(table, itemFields).has('gap');
    if (!known)
      section.report('complianceReport', 'The table has no columns for a rule or check and its status.', table);
    return;
  }
  for (const row of table.rows) {
    const rule = matrix.text(row, 'rule');
    const check = checks.text(row, 'check');
    const position = section.place(row);
    if (rule !== null) {
      const [ruleSource, status, notes] = [
        matrix.text(row, 'ruleSource'),
        matrix.text(row, 'status'),
        matrix.text(row, 'notes'),
      ];
      into.matrix.push({ ruleSource, rule, status, notes, position });
    } else if (check !== null) {
      into.consistency.push({ check, status: checks.text(row, 'status'), notes: checks.text(row, 'notes'), position });
    }
  }
}

/** The files an item names as code; an item without code is taken whole. */
function filesReviewed(part: Part): string[] {
  return itemsOf(part.blocks).flatMap((item) => {
    const source = joined(item.lines);
    const files = codeSpans(source).filter((span) => /\.\w+$/.test(span.text));
    return files.length > 0 ? files.map((span) => span.text) : [plainText(source)].filter(Boolean);
  });
}

function nonCompliantItems(section: Section, part: Part): NonCompliantItem[] {
  const nothing = { rule: null, source: null, gap: null, recommendation: null };
  const tables = tablesOf(part.blocks).flatMap((table) => {
    const { has, text } = readTable(table, itemFields);
    if (!has('rule') || !has('gap')) return [];
    return table.rows.map((row) => ({
      ...{ rule: text(row, 'rule'), source: text(row, 'source') },
      ...{ gap: text(row, 'gap'), recommendation: text(row, 'recommendation') },
      position: section.place(row),
    }));
  });
  const groups: Item[][] = [];
  for (const item of itemsOf(part.blocks)) {
    const fields = readLabels(deepText(item), itemFields);
    if (Object.keys(fields).length === 0) continue;
    if (fields.rule !== undefined || groups.length === 0) groups.push([]);
    groups.at(-1)?.push(item);
  }
  const listed = groups.flatMap((items) => {
    const fields = readLabels(items.map(deepText).join('\n'), itemFields);
    const [first, last] = [items[0], items.at(-1)];
    return first && last
      ? [{ ...nothing, ...fields, position: section.place({ start: first.start, end: last.end }) }]
      : [];
  });
  return [...tables, ...listed];
}

/** The label said again under a heading that says it already. */
const verdictLabel = /^\W*(?:final )?verdict\s*:\s*/i;

/** What stands under `Verdict`, or behind a `**Verdict**:` label. */
function verdictOf(parts: readonly Part[]): string | null {
  const under = parts.filter((part) => /^verdict\b/.test(headingWords(part.title)));
  const blocks = under.length > 0 ? under.flatMap((part) => part.blocks) : [];
  const text = plainText(blocks.map(blockText).join('\n')).replace(verdictLabel, '');
  if (text !== '') return text;
  const labelled = parts
    .flatMap((part) => part.blocks)
    .map(blockText)
    .join('\n');
  return readLabels(labelled, { verdict: ['verdict', 'final verdict'] }).verdict ?? null;
}

/** That nothing is blocked does not block. */
const nothingBlocked = /\b(?:nothing(?: is)?|no (?:items?|rows?|rules?)(?: (?:is|are))?|none(?: is| are)?) blocked\b/gi;

/** The class of a verdict, from how it starts; null when it is neither or, as in the template, both. */
export function verdictClassOf(verdict: string): ComplianceReport['verdictClass'] {
  const blocked = /\bnon-?compliant\s*[:—–-]|\bblocked\b|\bnot (?:fully )?(?:compliant|approved)\b/i.test(
    verdict.replace(nothingBlocked, ''),
  );
  const approved = /^\W*(?:fully compliant|compliant|approved|pass(?:ed)?)\b/i.test(verdict);
  if (approved === blocked) return /^\W*(?:non-?compliant|blocked|not )/i.test(verdict) ? 'blocked' : null;
  return approved ? 'approved' : 'blocked';
}

function blockText(block: Block): string {
  if (block.kind === 'paragraph') return joined(block.lines);
  return block.kind === 'list' ? block.items.map(deepText).join('\n') : '';
}

const deepText = (item: Item): string => [joined(item.lines), ...item.blocks.map(blockText)].filter(Boolean).join('\n');
