import { bounds } from './bounds.js';
import { Text, Texts } from './text-fields.js';

const ruleKeyPattern = /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/;
const statementIdPattern = /^[0-9a-f]{12}(?:-[0-9]{1,5})?$/;
const pathPatternPattern = /^[^\u0000-\u001f\u007f\\]+$/;

/** The key of a rule: lower-case words with hyphens, dots or underscores. */
export const RuleKey = (maxLength = 100) => Text(ruleKeyPattern, maxLength);

/** What a statement of a rule file is known by. */
export const StatementId = () => Text(statementIdPattern, 20);

/** Patterns of paths: `*` stands for any characters but `/`, `?` for one, `**` for any number of folders. No regular expressions. */
export const PathPatterns = (maxItems: number) =>
  Texts(pathPatternPattern, bounds.rulePath, { maxItems, minLength: 1 });
