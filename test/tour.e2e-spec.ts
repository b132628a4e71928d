import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { Document } from '../scripts/tour-lives.js';
import { playTour } from '../scripts/tour-lives.js';
import { corpusFiles, corpusMissing } from './support/corpus.js';
import { startService } from './support/service.js';

/** As `npm run tour` takes them where it is given no others. */
const names = ['roadmap', 'phase-2-inbound-putaway', 'phase-4-yard-management'];

describe.skipIf(corpusMissing)('The tour', () => {
  const service = startService();

  test('plays the lives of three specs of the corpus to their ends, and their histories read like stories', async () => {
    const [first, second, third] = names.map((name): Document => {
      const file = corpusFiles().find(({ path }) => path.endsWith(`2026-04-15-wms-${name}.md`));
      return { title: name, markdown: file?.bytes.toString() ?? '' };
    });
    if (!first || !second || !third) throw new Error('the corpus has other specs');
    const told: string[] = [];
    const { port } = service.app.getHttpServer().address() as AddressInfo;
    const { organizationId, apiKey } = service.organization;
    const stage = { url: `http://127.0.0.1:${port}`, organizationId, tell: (line: string) => void told.push(line) };
    const histories = await playTour(stage, apiKey, [first, second, third]);

    expect(told.filter((line) => line.includes('and is told'))).toHaveLength(5);
    expect(told.filter((line) => line.includes('The system'))).toHaveLength(3);
    const steps = histories.map((history) =>
      history
        .trimEnd()
        .split('\n')
        .map((line) => /^\S+Z v[\d-]+ (.+)$/.exec(line)?.[1] ?? `no step: ${line}`),
    );
    expect(steps.flat().filter((step) => step.startsWith('no step') || step.includes('recorded: '))).toEqual([]);
    const [roadmap = [], dependent = [], successor = []] = steps;
    const inOrder = (lines: string[], ...parts: string[]) => {
      const found = parts.map((part) => lines.findIndex((line) => line.includes(part)));
      expect(found.includes(-1), `${parts.join(' / ')} in\n${lines.join('\n')}`).toBe(false);
      expect(found).toEqual(found.toSorted((one, other) => one - other));
    };
    inOrder(
      roadmap,
      ...['Ann imported SPEC-1', 'Ann submitted revision 1', 'Ann voted for', 'on behalf of Ann', 'Cat voted for'],
      ...['Ben raised a concern', 'outdated 4 votes', 'Ben resolved a concern', 'Specline approved revision 1'],
      ...['Ann started to implement', 'Bot recorded phase', 'Ann completed', 'Ann opened revision 2'],
      'approved revision 2',
    );
    inOrder(
      dependent,
      ...['Cat imported SPEC-2', 'depends_on', 'Specline approved revision 1', 'Specline marked it as suspect'],
      ...['Cat confirmed that it holds', 'Cat had it superseded', 'Cat archived it'],
    );
    inOrder(
      successor,
      ...['Ann imported SPEC-3', 'Ben returned it', 'Ann deferred it', 'Ann reopened it', 'Cat set the policy aside'],
      ...['Ben upheld an override', 'Ann completed the implementation'],
    );
  });
});
