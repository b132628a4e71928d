import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalizeHeading, slugify } from './headings.js';

describe('A heading is compared', () => {
  test.each([
    ['1. Overview', 'overview'],
    ['2) Overview', 'overview'],
    ['1.2 Overview', 'overview'],
    ['10.2.1. Overview', 'overview'],
    ['§3 Overview', 'overview'],
    ['3 — Overview', 'overview'],
    ['IV. Overview', 'overview'],
    ['🚀 Overview', 'overview'],
    ['1️⃣ Overview', 'overview'],
    ['OVERVIEW:', 'overview'],
    ['Overview (Optional)', 'overview'],
    ['Overview (if applicable)', 'overview'],
    ['Report — 2026-05-27', 'report'],
    ['Report (2026-05-27)', 'report'],
    ['Report – 2026-05-27 (revised)', 'report'],
    ['Risks & Impact', 'risks and impact'],
    ['Risks&Impact', 'risks and impact'],
    ['  Risks \t and   Impact ', 'risks and impact'],
    ['What’s “new”', 'what\'s "new"'],
    ['Ｆｕｌｌ width', 'full width'],
  ])('%j as %j', (heading, normalized) => {
    expect(normalizeHeading(heading)).toBe(normalized);
  });

  test.each(['3D Model', '2026 Goals', 'C. elegans', 'Phase 1: Setup', 'v1.2 release', 'Overview (high level)', '1.'])(
    'with what belongs to it: %j',
    (heading) => {
      const kept = heading === '1.' ? '' : heading.toLowerCase();
      expect(normalizeHeading(heading)).toBe(kept);
    },
  );

  test('the same when it is compared again', () => {
    fc.assert(
      fc.property(fc.lorem({ maxCount: 5 }), (heading) => {
        expect(normalizeHeading(normalizeHeading(heading))).toBe(normalizeHeading(heading));
      }),
    );
  });
});

describe('A slug', () => {
  test.each([
    ['User Stories / Use Cases', 'user-stories-use-cases'],
    ['Internationalization (i18n)', 'internationalization-i18n'],
    ['Risks & Impact Review', 'risks-impact-review'],
    ['Żółw — déjà vu, Straße', 'zolw-deja-vu-strasse'],
    ['What’s new', 'whats-new'],
    ['日本語', 'section'],
    ['日本語 API', 'api'],
    ['', 'section'],
    ['---', 'section'],
  ])('of %j is %j', (heading, slug) => {
    expect(slugify(heading, new Set())).toBe(slug);
  });

  test('that is taken gets the next number', () => {
    expect(slugify('A b', new Set(['a-b']))).toBe('a-b-2');
    expect(slugify('A b', new Set(['a-b', 'a-b-2', 'a-b-3']))).toBe('a-b-4');
  });

  test('is 1 to 80 characters of a-z, 0-9 and dashes, and not taken', () => {
    const taken = new Set<string>();
    const heading = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('a', 'A'), fc.string({ minLength: 90 }));
    fc.assert(
      fc.property(heading, (text) => {
        const slug = slugify(text, taken);
        expect(slug).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
        expect(slug.length).toBeLessThanOrEqual(80);
        expect(taken.has(slug)).toBe(false);
        taken.add(slug);
      }),
    );
  });
});
