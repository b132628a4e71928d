import { expect, test } from 'vitest';
import { extractSectionElements } from './elements.js';

const read = (source: string) =>
  extractSectionElements({ key: 'proposed-solution', heading: 'Proposed Solution', source });

test('the tables of the template', () => {
  const { designDecisions, alternatives } = read(
    '## S\n\n### Design Decisions\n| Decision | Rationale |\n|-|-|\n| Use `pg` | known |\n\n### Alternatives Considered\n| Alternative | Why Rejected |\n|-|-|\n| Files | slow |\n',
  );
  expect(designDecisions).toMatchObject([{ decision: 'Use pg', rationale: 'known', position: { line: 6 } }]);
  expect(alternatives).toMatchObject([{ alternative: 'Files', whyRejected: 'slow', position: { line: 11 } }]);
});

test('a numbered table with a resolution, and a list', () => {
  const { designDecisions } = read(
    '## S\n\n### Key Decisions (locked)\n| # | Decision | Choice |\n|-|-|-|\n| 1 | Storage | Postgres |\n\n- **Queue**: none, the outbox will do\n- None of the above is final\n',
  );
  expect(designDecisions).toMatchObject([
    { decision: 'Storage: Postgres', rationale: null },
    { decision: 'Queue', rationale: 'none, the outbox will do' },
  ]);
});

test('one heading for each alternative', () => {
  const { alternatives } = extractSectionElements({
    key: 'x',
    heading: 'Alternatives Considered',
    source: '## Alternatives Considered\n\n### 1. A second database\n\nRejected because of cost.\n',
  });
  expect(alternatives).toMatchObject([{ alternative: 'A second database', whyRejected: 'Rejected because of cost.' }]);
});

test('a table without the column is unread', () => {
  const { unread } = read('## S\n\n### Design Decisions\n| A | B |\n|-|-|\n| 1 | 2 |\n');
  expect(unread.map((found) => found.kind)).toEqual(['designDecision']);
});
