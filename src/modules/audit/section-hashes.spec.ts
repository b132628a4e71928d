import { expect, test } from 'vitest';
import type { RecordedEvent } from '../event-store/history.js';
import { SectionHashes } from './section-hashes.js';

const event = (version: number, type: string, payload: object) =>
  ({ organizationId: 'ours', streamId: 'spec', version, type, payload }) as RecordedEvent;
const updated = (version: number, contentHash: string, key = 'tldr') =>
  event(version, 'spec.section.updated', { key, contentHash });
const section = (key: string, contentHash: string) => ({ key, contentHash });

test('The hash of a section is that of whatever said something of its body last', () => {
  const hashes = new SectionHashes();
  const sections = [section('tldr', 'a'), section('risks', 'b')];
  expect(hashes.pass(event(1, 'spec.document.imported', { sections }))).toBeNull();
  expect(hashes.pass(updated(2, 'c'))).toBe('a');
  expect(hashes.pass(event(3, 'spec.section.added', { section: section('more', 'd'), position: 1 }))).toBeNull();
  expect(hashes.pass(updated(4, 'e'))).toBe('c');
  expect(hashes.pass(updated(5, 'f', 'more'))).toBe('d');
  expect(hashes.pass(event(6, 'spec.section.renamed', { key: 'tldr', heading: 'Short' }))).toBeNull();
  expect(hashes.pass(event(7, 'spec.section.removed', { key: 'tldr' }))).toBe('e');
  expect(hashes.pass(updated(8, 'g'))).toBeNull();
  expect(hashes.pass(updated(9, 'h', 'risks'))).toBe('b');
});

test('Nothing is known of a stream any more when an event of it was missed, or comes again', () => {
  const hashes = new SectionHashes();
  hashes.pass(updated(4, 'a'));
  expect(hashes.pass(updated(6, 'b')), 'version 5 was not seen').toBeNull();
  expect(hashes.pass(updated(7, 'c'))).toBe('b');
  expect(hashes.pass(updated(7, 'c')), 'its transaction was undone').toBeNull();
  expect(hashes.pass(updated(8, 'd'))).toBe('c');
});

test('Streams of the same id in other organizations are others', () => {
  const hashes = new SectionHashes();
  hashes.pass(updated(1, 'a'));
  expect(hashes.pass({ ...updated(2, 'b'), organizationId: 'theirs' })).toBeNull();
});
