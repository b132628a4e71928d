import { expect, test } from 'vitest';
import { inputOf, judged } from '../../../test/support/compliance.js';
import { lendingSpec } from '../../../test/support/lending-spec.js';

const saying = (text: string) =>
  judged(
    inputOf(lendingSpec().replace('The shelf page reads `GET /api/lending/tools`.', text)),
    'template.consistency.contracts_ui',
  ).outcome;

test.each([
  'N/A',
  'N/A — a module without pages.',
  'N/A. No screen, widget or navigation entry is added.',
  '- N/A (backend only)',
  '**Not applicable**: tools call it.',
  'No UI changes.',
  'There is no user interface.',
  'There are no new screens in this change.',
])('an interface that the section says there is none of is not judged: %s', (text) => {
  expect(saying(text)).toBe('not_applicable');
});

test.each([
  'The shelf page shows all tools.',
  'Not applicable tools are grey on the shelf page.',
  'N/A for phase 1.\n\n### Phase 2\nThe shelf page shows all tools.',
  'There is no user who has not seen the shelf page.',
  'N/A in phase 1; the shelf page of phase 2 shows all tools.',
])('an interface is judged, whatever its text begins with: %s', (text) => {
  expect(saying(text)).toBe('not_linked');
});
