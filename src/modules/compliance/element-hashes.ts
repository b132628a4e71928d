import { routeKey } from './consistency-checks.js';
import type { DocumentReading } from './document-reading.js';
import type { ElementRef } from './evaluation.view.js';
import type { ElementHashes } from './link-book.js';
import { hashKey } from './link-book.js';
import { riskKey } from './risk-checks.js';

/** The elements of a spec that links can start or end at, in the order of the document. */
export function linkableElements(document: DocumentReading): ElementRef[] {
  const { contracts, commands, events, risks, models, sections } = document;
  const caching = sections.filter(({ reading }) => reading.cacheMentions !== null);
  return [
    ...contracts.map((contract): ElementRef => ({ kind: 'route', key: routeKey(contract), hash: contract.hash })),
    ...commands.map(({ name, hash }): ElementRef => ({ kind: 'command', key: name, hash })),
    ...events.map(({ name, hash }): ElementRef => ({ kind: 'event', key: name, hash })),
    ...risks.map((risk, index): ElementRef => ({ kind: 'risk', key: riskKey(risk, index), hash: risk.hash })),
    ...models.flatMap(({ name, hash }): ElementRef[] =>
      name === null ? [] : [{ kind: 'data_model', key: name, hash }],
    ),
    ...sections
      .filter(({ section }) => section.key === 'ui-ux')
      .map(({ section, reading }): ElementRef => ({ kind: 'ui', key: section.key, hash: reading.hash })),
    ...caching.map(({ section, reading }): ElementRef => ({ kind: 'cache', key: section.key, hash: reading.hash })),
  ];
}

/** The hashes that links are compared with. */
export function hashesOf(elements: readonly ElementRef[]): ElementHashes {
  const hashes = new Map<string, Set<string>>();
  for (const element of elements) {
    const known = hashes.get(hashKey(element));
    if (known) known.add(element.hash);
    else hashes.set(hashKey(element), new Set([element.hash]));
  }
  return hashes;
}
