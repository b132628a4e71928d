/** Markdown like that of a real spec in shape and size, made here so that a bench needs nothing from outside. */

const headings = [
  'TLDR',
  'Overview',
  'Problem Statement',
  'Proposed Solution',
  'User Stories',
  'Architecture',
  'Data Models',
  'API Contracts',
  'Commands and Events',
  'Migration',
  'Security',
  'Testing Strategy',
  'Risks',
  'Rollout Plan',
  'Open Questions',
  'Changelog',
];
const sentences = [
  'A warehouse clerk scans a pallet and sees at once which orders it serves.',
  'The queue keeps the order of one customer and promises nothing between two of them.',
  'When the upstream answers late, the reservation is held for ninety seconds and then given back.',
  'Every amount is kept in the smallest unit of its currency, as a whole number.',
  'The nightly reconciliation reads what was booked and never writes to it.',
  'An operator may pause a single lane; the others go on.',
  'Retries back off from one second to five minutes, with jitter.',
  'The `shipment_line` table grows by about two million rows a month.',
  'Clients send `If-Match`, so that nobody overwrites what they have not read.',
  'We measured the old path at 340 ms for the slowest percentile.',
  'Labels are printed from a snapshot, so a later change of address leaves them alone.',
  'It is removed two releases after the last caller has moved.',
];

/**
 * A document of 16 sections and about 25 kB.
 *
 * @param {number} number
 * @returns {string}
 */
export function document(number) {
  const sections = headings.map((heading, at) => `## ${heading}\n\n${text(number * 31 + at, 1500)}\n`);
  return `# Spec ${number}: parcels that find their own way\n\n**Status**: draft\n\n${sections.join('\n')}`;
}

/**
 * Section bodies of about 850 bytes: paragraphs, a list and a little inline code, no two alike.
 *
 * @param {number} count
 * @returns {string[]}
 */
export const sectionBodies = (count) => Array.from({ length: count }, (_, seed) => text(seed, 850));

/**
 * Paragraphs with a list after every second one.
 *
 * @param {number} seed
 * @param {number} bytes how long at least, but for the last sentence
 */
function text(seed, bytes) {
  let made = '';
  for (let block = 0; made.length < bytes; block++) {
    const some = Array.from(
      { length: 3 },
      (_, at) => sentences[(seed * 7 + block * 5 + at * (1 + (seed % 4))) % sentences.length],
    );
    made += block % 2 === 0 ? `${some.join(' ')}\n\n` : `${some.map((sentence) => `- ${sentence}\n`).join('')}\n`;
  }
  return made;
}

/** What one event carries, for loops that append without HTTP: a section's body, and who wrote it. */
export const eventData = { key: 'architecture', body: text(3, 850) };
export const eventMetadata = {
  actor: { id: '0192f7a4-6a52-7c1e-9d0b-5b7f3c7e2a11', kind: 'human', name: 'A writer' },
  requestId: '0192f7a4-6a52-7c1e-9d0b-5b7f3c7e2a12',
};
