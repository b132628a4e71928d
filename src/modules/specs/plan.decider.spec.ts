import { describe, expect, test } from 'vitest';
import { parseDocument } from '../markdown/document.js';
import { extractElements } from '../markdown/elements.js';
import type { PlannedPhase } from './plan.decider.js';
import { evidenceOf, meant, plannedPhases } from './plan.decider.js';

function planOf(markdown: string): PlannedPhase[] {
  const { preamble, sections } = parseDocument(markdown);
  let end = preamble.length;
  const ranges = sections.map(({ heading, headingSource, body }) => {
    const start = end;
    end += headingSource.length + body.length;
    return { key: 'implementation-plan', heading, start, end };
  });
  return plannedPhases(extractElements(markdown, ranges).phases, markdown);
}
const plan = (...phases: string[]) => `# Ä spec\n\n## Implementation Plan\n\n${phases.join('\n\n')}\n`;
const phase = (head: string, ...steps: string[]) => [`### ${head}`, '', ...steps.map((step) => `- ${step}`)].join('\n');

describe('The phases of a plan', () => {
  const phases = planOf(plan(phase('Phase 1: Tables', 'Add them.'), phase('Phase 2: Screens', 'Draw.', 'Build.')));

  test('have keys by their numbers, or by their titles where they have none', () => {
    expect(phases.map(({ key, title }) => [key, title])).toEqual([
      ['phase-1', 'Tables'],
      ['phase-2', 'Screens'],
    ]);
    expect(planOf(plan(phase('Tables first', 'Add them.'))).map(({ key }) => key)).toEqual(['tables-first']);
  });

  test('have different keys where their numbers are the same', () => {
    const tracks = planOf(plan(phase('Phase 1: Tables', 'a'), phase('Phase 1: Screens', 'b')));
    expect(tracks.map(({ key }) => key)).toEqual(['phase-1', 'phase-1-2']);
    // Whoever names one must say which.
    expect(meant(tracks, '1')).toBeUndefined();
    expect(meant(tracks, 'Screens')?.key).toBe('phase-1-2');
    expect(meant(tracks, 'phase-1')?.key).toBe('phase-1');
  });

  test('have a hash that only their own text changes', () => {
    const [tables, screens] = phases;
    const again = planOf(plan(phase('Phase 1: Tables', 'Add them all.'), phase('Phase 2: Screens', 'Draw.', 'Build.')));
    expect(again[0]?.contentHash).not.toBe(tables?.contentHash);
    expect(again[1]?.contentHash).toBe(screens?.contentHash);
  });

  test.each(['phase-2', 'Phase 2', 'phase 2: Screens', '2', 'screens', ' Milestone 2 '])('are meant by %j', (said) => {
    expect(meant(phases, said)).toBe(phases[1]);
  });

  test.each(['Phase 3', '', 'Phase', 'Screens and more'])('are not meant by %j', (said) => {
    expect(meant(phases, said)).toBeUndefined();
  });

  test('get the evidence that names them', () => {
    const commit = { kind: 'commit', reference: '5f2c1e9' } as const;
    const all = [{ ...commit, phase: 'Phase 1' }, commit, { ...commit, reference: 'b', phase: 'Screens' }];
    expect(phases.map((one) => evidenceOf(one, phases, all))).toEqual([[commit], [{ ...commit, reference: 'b' }]]);
  });
});
