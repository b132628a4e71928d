import { describe, expect, test } from 'vitest';
import { extractSectionElements } from './elements.js';

const read = (body: string) =>
  extractSectionElements({
    key: 'implementation-plan',
    heading: 'Implementation Plan',
    source: `## Implementation Plan\n\n${body}`,
  });
const phases = (body: string) =>
  read(body).phases.map(({ number, title, steps }) => [
    number,
    title,
    steps.map((step) => [step.number, step.text, step.done]),
  ]);

describe('phases', () => {
  test('a label takes the block below it out of the steps, not what follows that', () => {
    expect(
      phases('### Phase 1: Doors\n\nFiles:\n\n| File | Purpose |\n|---|---|\n| a.ts | Doors |\n\n1. one\n'),
    ).toEqual([['1', 'Doors', [[1, 'one', null]]]]);
  });

  test('numbered headings with lists, checkboxes and steps as headings', () => {
    expect(
      phases(
        '### Phase 1: Core\n1. one\n2. two\n   more\n\n### Phase B.2 — Next\n- [x] a\n- [ ] b\n\n#### Step 3 — Ship\n- detail\n',
      ),
    ).toEqual([
      [
        '1',
        'Core',
        [
          [1, 'one', null],
          [2, 'two more', null],
        ],
      ],
      [
        'B.2',
        'Next',
        [
          [null, 'a', true],
          [null, 'b', false],
          [3, 'Ship', null],
        ],
      ],
    ]);
  });

  test('lists about tests and acceptance are no steps', () => {
    expect(phases('### Phase 1\n\nGoal: fast.\n\n**Deliverables**:\n1. one\n\nTests:\n- unit\n')).toEqual([
      ['1', 'Phase 1', [[1, 'one', null]]],
    ]);
  });

  test('a plan that is one list, and an outline of phases', () => {
    expect(phases('1. one\n2. two\n')).toEqual([
      [
        null,
        'Implementation Plan',
        [
          [1, 'one', null],
          [2, 'two', null],
        ],
      ],
    ]);
    expect(phases('- **Phase 1**: core\n- **Phase 2**: rest\n')).toEqual([
      ['1', 'core', []],
      ['2', 'rest', []],
    ]);
  });

  test('other parts of the plan are no phases', () => {
    expect(
      phases('### Testing Strategy\n- unit\n\n### File Manifest\n- `a.ts`\n\n### Open Questions\n- why\n'),
    ).toEqual([]);
  });

  test('a phase with a section of its own', () => {
    const source = '## Phase 2: Containers\n\n1. one\n';
    const { phases: found } = extractSectionElements({ key: 'x', heading: 'Phase 2: Containers', source });
    expect(found).toMatchObject([{ number: '2', title: 'Containers', steps: [{ text: 'one' }] }]);
  });
});
