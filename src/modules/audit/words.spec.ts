import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wordsIn } from './words.js';

test('Words are runs of letters, marks and digits of any script, in lower case, each once', () => {
  const text = 'The Wombat, the `spec_section`s -- ÄPFEL & नमस्ते, 東京 (RFC 9110): https://example.com/a?b=c the';
  const words = ['the', 'wombat', 'spec', 'section', 's', 'äpfel', 'नमस्ते', '東京', 'rfc', '9110', 'https', 'example'];
  expect([...wordsIn(text)]).toEqual([...words, 'com', 'a', 'b', 'c']);
  expect([...wordsIn('')]).toEqual([]);
  expect([...wordsIn(' -- \u0000 ')]).toEqual([]);
});

test('Of an endless word only the beginning is told apart, so that an index can hold it', () => {
  expect([...wordsIn('x'.repeat(10_000))]).toEqual(['x'.repeat(100)]);
});

test('Whoever looks for a part of a text finds it, whatever stands around it', () => {
  const words = fc.array(fc.stringMatching(/^[a-zäßЖ0-9]{1,20}$/), { minLength: 1, maxLength: 8 });
  const between = fc.stringMatching(/^[ .,;:!?()[\]{}"'`*_#|/\\<>=+\n-]{1,3}$/);
  fc.assert(
    fc.property(words, between, (parts, separator) => {
      const found = wordsIn(parts.join(separator).toUpperCase());
      for (const part of parts) for (const word of wordsIn(part.toUpperCase())) expect(found).toContain(word);
    }),
  );
});
