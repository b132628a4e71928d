import { describe, expect, test } from 'vitest';
import { extractSectionElements } from './elements.js';

const read = (body: string) =>
  extractSectionElements({ key: 'risks-impact-review', heading: 'Risks', source: `## Risks\n\n${body}` });
const unreadOf = (body: string) => read(body).unread.map(({ position, reason }) => [position.line, reason]);
const noField = 'The bullet has a bold title and none of the fields of a risk.';

describe('risks as plain bullets', () => {
  test.each([
    ['- **Keys go stale** → Mitigated: they expire.', 'Keys go stale', null, 'they expire.'],
    ['- **Keys go stale** → mitigated by an expiry', 'Keys go stale', null, 'an expiry'],
    ['- **Keys go stale.** At night → **Mitigation:** expiry', 'Keys go stale', 'At night', 'expiry'],
    ['- **Keys go stale** — nobody looks. Mitigation: expiry', 'Keys go stale', 'nobody looks.', 'expiry'],
    ['- [Risk] Keys go stale → Mitigation: they expire.', 'Keys go stale', null, 'they expire.'],
    ['- [Risk] **Keys go stale**: at night -> Mitigation: expiry', 'Keys go stale', 'at night', 'expiry'],
    ['1. **Risk: keys go stale** → Mitigation: expiry', 'keys go stale', null, 'expiry'],
  ])('%j', (line, title, scenario, mitigation) => {
    const { risks, unread } = read(`${line}\n`);
    expect(risks).toMatchObject([{ title, scenario, mitigation, form: 'block' }]);
    expect(unread).toEqual([]);
  });

  test('a bullet that is called the risk has a scenario, and a level in parentheses', () => {
    const { risks, unread } = read('- **Risk (high).** Two clocks differ.\n- **Risk (highest):** A lock stays shut.\n');
    expect(risks).toMatchObject([
      { title: null, scenario: 'Two clocks differ.', severityLevel: 'High' },
      { title: null, scenario: 'A lock stays shut.', severity: 'highest', severityLevel: null },
    ]);
    expect(unread.map(({ position }) => position.line)).toEqual([4]);
  });

  test('fields in the bullets behind a risk are its own', () => {
    const { risks } = read(
      '- **Risk (high).** Two clocks differ.\n- **Mitigation.** One clock.\n- **Risk**: Rust\n- **Mitigation**: Oil\n',
    );
    expect(risks).toMatchObject([
      { scenario: 'Two clocks differ.', mitigation: 'One clock.' },
      { title: null, scenario: 'Rust', mitigation: 'Oil' },
    ]);
    expect(risks.map(({ position }) => [position.line, position.endLine])).toEqual([
      [3, 4],
      [5, 6],
    ]);
  });

  test('bullets below one category are risks of their own', () => {
    const { risks } = read(
      '### Operational\n\n- **Rust.** It is wet. Severity: high. Mitigation: oil.\n- **Frost** → Mitigation: heat\n- **Moss**\n  - Severity: Low\n',
    );
    expect(risks).toMatchObject([
      { title: 'Rust', category: 'Operational', severityLevel: 'High', mitigation: 'oil.' },
      { title: 'Frost', category: 'Operational', mitigation: 'heat' },
      { title: 'Moss', category: 'Operational', severityLevel: 'Low' },
    ]);
  });

  test('no bullet of a block with fields is a risk of its own', () => {
    const { risks, unread } = read(
      '#### Rust\n\n- **Scenario**: rain\n- **Severity**: Low\n- **Mitigation**: oil\n- **Old doors** — never oiled. Mitigation: oil them twice.\n- **Sheds** are dry\n',
    );
    expect(risks).toMatchObject([{ title: 'Rust', scenario: 'rain', severityLevel: 'Low' }]);
    expect(unread).toEqual([]);
  });
});

describe('bullets that are no risk', () => {
  test('a bold title without any field is unread, with its place', () => {
    expect(
      unreadOf(
        '- plain remark\n- **Rust** comes with rain.\n  - **nested** remark\n\n### Frost\n\n- **Ice:** slides\n',
      ),
    ).toEqual([
      [4, noField],
      [9, noField],
    ]);
  });

  test('a question that is answered is none, nor is what is bold inside a sentence', () => {
    expect(unreadOf('- **Can it rust?** No.\n- The **door** is dry.\n')).toEqual([]);
  });

  test('nor is a bullet that explains the field in the paragraph before it', () => {
    expect(unreadOf('### Rust\n\nTo be done:\n\n1. **Oil** — a can\n\n**Mitigation**:\n- **Heat** it\n')).toEqual([]);
  });

  test('a field without a risk is unread', () => {
    const { risks, unread } = read('- **Oil** is cheap.\n- **Blast radius**: one shed\n');
    expect(risks).toEqual([]);
    expect(unread.map(({ position, reason }) => [position.line, reason])).toEqual([
      [3, noField],
      [4, 'The bullet gives a field of a risk, and no risk is before it.'],
    ]);
  });

  test('a heading that should be a risk is reported once, not with its bullets', () => {
    expect(unreadOf('#### Rust\n\n- **Rain** falls\n').map(([line]) => line)).toEqual([3]);
  });
});
