import { describe, expect, test } from 'vitest';
import { extractSectionElements } from './elements.js';
import { levelOf } from './risk-fields.js';

const read = (source: string, key = 'risks-impact-review') => extractSectionElements({ key, heading: 'Risks', source });

const block = `## Risks

### Operational risks

#### R2: The queue fills up
- **Scenario**: Nobody drains it
  over the weekend.
- **Severity**: High (once a month)
- **Affected area**: \`jobs\` worker
- **Mitigation**: Alert at 80 %
- **Residual risk**: Low
`;

describe('risk blocks', () => {
  test('the five fields of the template, with id and category', () => {
    const [risk] = read(block).risks;
    expect(risk).toMatchObject({
      id: 'R2',
      title: 'The queue fills up',
      category: 'Operational risks',
      scenario: 'Nobody drains it over the weekend.',
      severity: 'High (once a month)',
      severityLevel: 'High',
      affectedArea: 'jobs worker',
      mitigation: 'Alert at 80 %',
      residualRisk: 'Low',
      form: 'block',
    });
    expect(risk?.position).toMatchObject({ line: 5, endLine: 11 });
  });

  test('paragraphs with labels, two fields on one line, and a heading that says Risk', () => {
    const { risks } = read(
      '## R\n\n### Risk: Drift\n\n**Failure scenario.** It drifts.\n\n**Severity**: low — **Mitigation**: pin it\n',
    );
    expect(risks).toMatchObject([
      { title: 'Drift', category: null, scenario: 'It drifts.', severityLevel: 'Low', mitigation: 'pin it' },
    ]);
  });

  test('list items with nested fields, or with the mitigation in the text', () => {
    const { risks } = read(
      '## R\n\n- **Loss**\n  - Severity: Critical\n  - Mitigation: backups\n- **Noise**: logs grow. Mitigation: rotate them.\n- just a remark\n',
    );
    expect(risks).toMatchObject([
      { title: 'Loss', severityLevel: 'Critical', mitigation: 'backups' },
      { title: 'Noise', scenario: 'logs grow.', mitigation: 'rotate them.' },
    ]);
    expect(risks).toHaveLength(2);
  });

  test('list items with the fields as sentences', () => {
    const { risks } = read(
      '## R\n\n- **A door stays open.** The latch is late. Severity: high. Affected\n  area: lockers.\n  Mitigation: ask twice. Residual risk:\n  low.\n- **Two take one door.** Severity: low. Mitigation: book it.\n',
    );
    expect(risks).toMatchObject([
      {
        title: 'A door stays open',
        scenario: 'The latch is late.',
        severityLevel: 'High',
        affectedArea: 'lockers.',
        mitigation: 'ask twice.',
        residualRisk: 'low.',
      },
      { title: 'Two take one door', scenario: null, severityLevel: 'Low', mitigation: 'book it.' },
    ]);
  });

  test('a fourth-level heading without any field is unread, a category is not', () => {
    const { risks, unread } = read('## R\n\n### Data integrity\n\nNothing here.\n\n#### Something\n\nprose\n');
    expect(risks).toEqual([]);
    expect(unread.map(({ kind, position }) => [kind, position.line])).toEqual([['risk', 7]]);
  });

  test('a severity that is none of the four is kept as text and reported', () => {
    const { risks, unread } = read('## R\n\n#### A\n- **Severity**: Negligible\n- **Mitigation**: none\n');
    expect(risks).toMatchObject([{ severity: 'Negligible', severityLevel: null }]);
    expect(unread).toHaveLength(1);
  });

  test('the format shown in a code block is no risk', () => {
    expect(read('## R\n\n```markdown\n#### A\n- **Severity**: High\n```\n').risks).toEqual([]);
  });
});

describe('risk tables', () => {
  test('headers go by many names', () => {
    const { risks } = read(
      '## R\n\n| # | Risk | Sev | Affected | Mitigation | Residual |\n|-|-|-|-|-|-|\n| 1 | A | **Medium** | b | c | — |\n',
    );
    expect(risks).toMatchObject([
      {
        id: '1',
        title: 'A',
        severityLevel: 'Medium',
        affectedArea: 'b',
        mitigation: 'c',
        residualRisk: null,
        form: 'table',
      },
    ]);
  });

  test('an impact that is a level is the severity, an impact in words is not', () => {
    const { risks } = read(
      '## R\n\n### High risks\n\n| Risk | Impact | Mitigation |\n|-|-|-|\n| A | High | b |\n| C | all is lost | d |\n',
    );
    expect(risks).toMatchObject([
      { severityLevel: 'High', category: 'High risks' },
      { severity: null, severityLevel: null, impact: 'all is lost' },
    ]);
  });

  test('a table with other columns is unread', () => {
    const { risks, unread } = read('## R\n\n| Surface | Owner |\n|-|-|\n| a | b |\n');
    expect(risks).toEqual([]);
    expect(unread.map((found) => found.kind)).toEqual(['risk']);
  });
});

test('a section of its own is recognised by its heading', () => {
  expect(extractSectionElements({ key: 'x', heading: 'Risk Assessment', source: block }).risks).toHaveLength(1);
  expect(extractSectionElements({ key: 'x', heading: 'Notes', source: block }).risks).toHaveLength(0);
});

test.each([
  ['🔴 High', 'High'],
  ['critical — data loss', 'Critical'],
  ['Critical / High / Medium / Low', null],
  ['Highest', null],
  ['', null],
])('severity %j is level %j', (severity, level) => {
  expect(levelOf(severity)).toBe(level);
});
