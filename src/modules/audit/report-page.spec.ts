import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { html, pageHead, tableRow } from './report-page.js';

describe('a report', () => {
  test('takes whatever is put into it for text', () => {
    expect(html`<p title="${'"><script>'}">${"<b>&'"}</p>`.text).toBe(
      '<p title="&quot;&gt;&lt;script&gt;">&lt;b&gt;&amp;&#39;</p>',
    );
    expect(html`${[html`<i>${'<'}</i>`, html`${7}`]}${null}${undefined}`.text).toBe('<i>&lt;</i>7');
  });

  test('holds no tag that somebody wrote, in no cell and no title', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const row = tableRow(text, text, html`<code>${text}</code>`).text;
        expect(row.match(/<[^>]*>/g)).toEqual([
          ...['<tr>', '<td class="time">', '</td>', '<td>', '</td>', '<td>', '<code>', '</code>', '</td>', '</tr>'],
        ]);
        expect(pageHead(text).text.split('</title>')[0]?.split('<title>')[1]).not.toMatch(/[<>"']/);
      }),
    );
  });
});
