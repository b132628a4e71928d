import { expect, test } from 'vitest';
import { headingWords, topicOf } from './topics.js';
import { parseParts } from './tree.js';

const topics = (source: string, key: string, heading: string) =>
  parseParts(source).map((part) => topicOf(part, key, heading));

test.each([
  ['12) API Contracts', 'api contracts'],
  ['10.1 New Events', 'new events'],
  ['🔥 Risks & Impact Review — 2026-01-02', 'risks and impact review'],
  ['Commands (Phase B)', 'commands'],
])('the words of %j are %j', (heading, words) => {
  expect(headingWords(heading)).toBe(words);
});

test('a subheading that names a topic wins over the key, below it everything inherits', () => {
  expect(topics('## X\n\n### Commands & Events\n\n#### Queue\n\n### Flow\n', 'data-models', 'X')).toEqual([
    'dataModels',
    'commandsEvents',
    'commandsEvents',
    'dataModels',
  ]);
});

test('the key wins over the words of the heading', () => {
  expect(topics('## Risks\n', 'changelog', 'Risks')).toEqual(['changelog']);
});

test.each([
  ['Implementation Phases', 'plan'],
  ['9) API Design', 'apiContracts'],
  ['Database Schema', 'dataModels'],
  ['Risk Assessment', 'risks'],
  ['Events (Phase B Additions)', 'commandsEvents'],
  ['Alternatives Considered', 'alternatives'],
  ['Security', 'other'],
])('a section %j is about %j', (heading, topic) => {
  expect(topics(`## ${heading}\n`, 'custom', heading)).toEqual([topic]);
});

test('a risk or phase whose title only contains such words keeps its topic', () => {
  expect(topics('## R\n\n#### Lost events and commands\n', 'risks-impact-review', 'R')).toEqual(['risks', 'risks']);
  expect(topics('## P\n\n### Phase 2: Data models\n', 'implementation-plan', 'P')).toEqual(['plan', 'plan']);
});
