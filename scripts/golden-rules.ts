import type { rulePackEvents } from '../src/events/rule-pack.events.js';
import type { ruleQualityEvents } from '../src/events/rule-quality.events.js';
import type { ruleSourceEvents, SourceStatement } from '../src/events/rule-source.events.js';
import type { SamplesOf } from './golden-values.js';
import { reportId, sha256, specId } from './golden-values.js';

const rulePath = 'packages/core/AGENTS.md';
const ruleFile = '# Guidelines\n\n## Always\n\n- Declare every event.\n';
const statement: SourceStatement = {
  statementId: '8f4e33f3dc3e',
  ...{ force: 'always', text: 'Declare every event.', anchor: 'always', line: 5 },
};

export const ruleSourceSamples: SamplesOf<typeof ruleSourceEvents> = {
  'compliance.source.recorded': {
    after: [],
    payload: {
      ...{ path: rulePath, version: 1, revision: '8c6a837d', blobHash: sha256(ruleFile), markdown: ruleFile },
      ...{ statements: [statement], added: [statement.statementId], changed: [], removed: [] },
    },
  },
  'compliance.source.retired': {
    after: ['compliance.source.recorded'],
    payload: { path: rulePath, reason: 'The package is gone.' },
  },
};

export const rulePackSamples: SamplesOf<typeof rulePackEvents> = {
  'compliance.pack.published': {
    after: [],
    payload: {
      ...{ packKey: 'security', version: 1, hash: sha256('a pack'), title: 'What security asks' },
      rules: [
        {
          key: 'declared-events',
          source: { path: rulePath, statementId: statement.statementId },
          statement: null,
          ...{ severity: 'blocking', evaluator: 'attestation', check: null },
          applies: { templates: ['spec'], labels: [], sections: [], paths: ['packages/**'], touches: ['events'] },
          ...{ owner: 'security', recommendation: 'Declare it.', mode: 'shadow', wrongAtMost: 10 },
        },
      ],
      allowedIds: ['catalog.products.update'],
      reason: 'The audit asked for it.',
      ...{ added: ['declared-events'], changed: [], removed: [] },
    },
  },
  'compliance.pack.retired': {
    after: ['compliance.pack.published'],
    payload: { packKey: 'security', reason: 'The template asks the same.' },
  },
};

export const ruleQualitySamples: SamplesOf<typeof ruleQualityEvents> = {
  'compliance.finding.marked': {
    after: [],
    payload: {
      ...{ ruleId: 'template.sections.required', specId, element: 'risks', position: 'wrong', counts: true, reportId },
      reason: 'It is there under another name.',
    },
  },
  'compliance.rule.reviewed': {
    after: ['compliance.finding.marked'],
    payload: { ruleId: 'template.sections.required', reason: 'The check knows the other name.' },
  },
};
