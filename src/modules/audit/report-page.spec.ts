import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unclosed } from '../../../test/support/html.js';
import { markup, pageFoot, pageHead, tableFoot, tableHead, tableRow } from './report-page.js';

describe('a report', () => {
  test('has every element closed where it belongs, and its rows in their table', () => {
    const row = tableRow('now', 'Ann', markup`<code>x</code>`);
    const page = markup`${pageHead('Report')}<section>${tableHead('Time', 'Who', 'What')}${row}${tableFoot}</section>${pageFoot}`;
    expect(unclosed(page.text)).toEqual([]);
    expect(page.text).toMatch(/<tbody>\s*<tr>[^]*<\/tr>\s*<\/tbody>\s*<\/table>/);
  });

  test('takes whatever is put into it for text', () => {
    expect(markup`<p title="${'"><script>'}">${"<b>&'"}</p>`.text).toBe(
      '<p title="&quot;&gt;&lt;script&gt;">&lt;b&gt;&amp;&#39;</p>',
    );
    expect(markup`${[markup`<i>${'<'}</i>`, markup`${7}`]}${null}${undefined}`.text).toBe('<i>&lt;</i>7');
  });

  test('holds no tag that somebody wrote, in no cell and no title', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const row = tableRow(text, text, markup`<code>${text}</code>`).text;
        expect(row.match(/<[^>]*>/g)).toEqual([
          ...['<tr>', '<td class="time">', '</td>', '<td>', '</td>', '<td>', '<code>', '</code>', '</td>', '</tr>'],
        ]);
        expect(pageHead(text).text.split('</title>')[0]?.split('<title>')[1]).not.toMatch(/[<>"']/);
      }),
    );
  });
});
