import { builtInPackKey } from '../../commands/compliance-rules.js';
import type { Severity } from './evaluation.view.js';
import { everywhere } from './rules.js';
import type { CheckName, Rule } from './rules.js';

type Words = readonly [severity: Severity, statement: string, recommendation: string];

/** The rules of the template itself, which every organization has from the start. */
const words: Record<CheckName, Words> = {
  'sections.required': [
    'blocking',
    'Every section that the template requires is there.',
    'Add the section, or mark it as not applicable with a reason.',
  ],
  'sections.filled': [
    'blocking',
    'A required section says something of its own: it is not empty, not the guidance of the template, not "TBD".',
    'Write the section, or mark it as not applicable with a reason.',
  ],
  'sections.ordered': [
    'blocking',
    'The required sections stand in the order of the template.',
    'Move the section to its place in the template.',
  ],
  'headings.levels': ['advisory', 'No heading skips a level.', 'Use the level below the heading that it stands under.'],
  'risks.complete': [
    'blocking',
    'Every risk has a scenario, a severity out of Critical, High, Medium and Low, an affected area, a mitigation and what remains.',
    'Give the risk the fields that it lacks.',
  ],
  'risks.categories': [
    'blocking',
    'The risks answer for all five categories of the template.',
    'Add the category with its risks, or say below its heading why there are none.',
  ],
  'commands.named': [
    'blocking',
    'A command that the spec introduces is named module.entity.action, with a singular entity.',
    'Rename the command, or put its id on the list of ids that are allowed because they exist.',
  ],
  'events.named': [
    'blocking',
    'An event that the spec introduces is named module.entity.event, with a singular entity and in the past tense.',
    'Rename the event, or put its id on the list of ids that are allowed because they exist.',
  ],
  'changelog.dated': ['blocking', 'The changelog has entries, and each has its date.', 'Give the entry its date.'],
  'changelog.current': [
    'blocking',
    'The newest entry of the changelog is not older than the last change of content.',
    'Add an entry that says what changed.',
  ],
  'links.resolve': ['blocking', 'Relative links lead somewhere.', 'Correct the target of the link.'],
  'relations.resolve': [
    'blocking',
    'Relations lead to specs that exist.',
    'Remove the relation, or relate the spec that takes the place.',
  ],
  'report.structure': [
    'blocking',
    "The author's compliance report has the parts of the template: date, files reviewed, matrix, consistency check, verdict.",
    'Add the part, in the structure of the template.',
  ],
  'report.sources': [
    'blocking',
    "The rule files that the author's report cites exist.",
    'Correct the path, or add the file to the rule sources.',
  ],
  'report.agrees': [
    'blocking',
    "The verdict of the author's report agrees with its own rows.",
    'Correct the verdict, or the row.',
  ],
  'report.current': [
    'blocking',
    "The author's report is not older than the content.",
    'Review the spec again, and date the report.',
  ],
  'report.covers': [
    'blocking',
    "The author's report has a row for every rule that applies and for every consistency check.",
    'Add a row for the rule.',
  ],
  'consistency.models_contracts': [
    'blocking',
    'Data models match API contracts',
    'Name the model in the contract that carries it, or confirm the link.',
  ],
  'consistency.contracts_ui': [
    'blocking',
    'API contracts match UI/UX section',
    'Name the routes that the interface calls, or confirm the link.',
  ],
  'consistency.risks_writes': [
    'blocking',
    'Risks cover all write operations',
    'Name the route or its command in the risk that covers it, or confirm the link.',
  ],
  'consistency.commands_mutations': [
    'blocking',
    'Commands defined for all mutations',
    'Name the command in the contract, or confirm the link.',
  ],
  'consistency.cache_reads': [
    'blocking',
    'Cache strategy covers all read APIs',
    'Say in the contract or in the cache strategy how the answer is cached, or that it is not.',
  ],
};

const builtInRule = (check: CheckName): Rule => {
  const [severity, statement, recommendation] = words[check];
  return {
    ruleId: `${builtInPackKey}.${check}`,
    pack: builtInPackKey,
    statement,
    severity,
    evaluator: check.startsWith('consistency.') ? 'typed_elements' : 'deterministic',
    check,
    source: null,
    owner: null,
    applies: everywhere,
    recommendation,
    mode: 'enforced',
  };
};

/** The rules of the built-in pack, in the order in which a report lists them. */
export const builtInRules: readonly Rule[] = (Object.keys(words) as CheckName[]).map(builtInRule);
