import { describe, expect, test } from 'vitest';
import { extractSectionElements } from './elements.js';

const read = (body: string) =>
  extractSectionElements({ key: 'risks-impact-review', heading: 'Risks', source: `## Risks\n\n${body}\n` });

describe('a severity in brackets before a risk', () => {
  test.each([
    ['- [High] Keys go stale', null, 'Keys go stale', null, 'High'],
    ['- (low) Keys go stale → Mitigation: expiry', null, 'Keys go stale', null, 'Low'],
    ['- [Medium] **Keys go stale** — at night. Mitigation: expiry', null, 'Keys go stale', 'at night.', 'Medium'],
    ['- **[Critical] Keys go stale**: at night', null, 'Keys go stale', 'at night', 'Critical'],
    ['- **[High]** Keys go stale', null, 'Keys go stale', null, 'High'],
    ['- **(High):** Keys go stale', null, 'Keys go stale', null, 'High'],
    ['- [High severity] Keys go stale', null, 'Keys go stale', null, 'High'],
    ['- [High] **Risk**: Keys go stale', null, null, 'Keys go stale', 'High'],
    ['1. R2: [High] Keys go stale', 'R2', 'Keys go stale', null, 'High'],
    ['- [High] R2: Keys go stale', 'R2', 'Keys go stale', null, 'High'],
    ['#### [High] R2: Keys go stale\n\nNobody looks.', 'R2', 'Keys go stale', null, 'High'],
    ['#### R2: (Medium) Keys go stale\n- **Scenario**: at night', 'R2', 'Keys go stale', 'at night', 'Medium'],
    ['| Risk | Mitigation |\n|-|-|\n| [Low] Keys go stale | expiry |', null, 'Keys go stale', null, 'Low'],
  ])('%j', (body, id, title, scenario, severityLevel) => {
    const { risks, unread } = read(body);
    expect(risks).toMatchObject([{ id, title, scenario, severityLevel }]);
    expect(risks).toHaveLength(1);
    expect(unread).toEqual([]);
  });

  test('a field that says the same is the severity; beside another the title stays as it is', () => {
    const { risks } = read(
      '#### [High] Rust\n- **Severity**: High (often)\n\n#### [High] Frost\n- **Severity**: Low\n\n### Doors\n\n- [High] **Moss** grows. Severity: low. Mitigation: lime.',
    );
    expect(risks).toMatchObject([
      { title: 'Rust', severity: 'High (often)' },
      { title: '[High] Frost', severity: 'Low' },
      { title: '[High] Moss', severity: 'low.', mitigation: 'lime.' },
    ]);
  });

  test('a word for another level is kept, and reported', () => {
    const { risks, unread } = read('- [Severe] Rust');
    expect(risks).toMatchObject([{ title: 'Rust', severity: 'Severe', severityLevel: null }]);
    expect(unread).toMatchObject([{ kind: 'risk', position: { line: 3 } }]);
  });

  test.each([
    '- [High](levels.md) is a level',
    '- (low latency) queues fill',
    '- [high-level] sketch',
    '- Rust [High]',
  ])('none is %j', (body) => {
    expect(read(body)).toMatchObject({ risks: [], unread: [] });
  });

  test('bullets below the fields of a heading belong to it, and a heading over risks is a category', () => {
    expect(read('#### Rust\n- **Severity**: Low\n- **Mitigation**: oil\n- [High] doors first').risks).toHaveLength(1);
    expect(read('### [High] Doors\n\n- **Rust** comes. Mitigation: oil').risks).toMatchObject([{ title: 'Rust' }]);
    expect(read('### [High] Doors\n\nAll.\n\n#### Rust\n- **Severity**: Low').risks).toMatchObject([{ title: 'Rust' }]);
  });
});
