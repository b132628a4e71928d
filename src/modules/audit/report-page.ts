/** HTML that is safe to put anywhere: made by {@link markup} only. */
export class Html {
  constructor(readonly text: string) {}
}

type Value = Html | readonly Html[] | string | number | null | undefined;

/**
 * A piece of HTML: whatever is put into it is text, unless it is a piece of HTML itself. It is not named `markup`, because
 * formatters know that name and close what a piece leaves open for the next one.
 */
export const markup = (parts: TemplateStringsArray, ...values: readonly Value[]): Html =>
  new Html(parts.reduce((text, part, at) => text + inserted(values[at - 1]) + part));

function inserted(value: Value): string {
  if (value instanceof Html) return value.text;
  if (typeof value === 'string') return escaped(value);
  if (typeof value === 'object' && value !== null) return value.map(({ text }) => text).join('');
  return String(value ?? '');
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string): string => text.replace(/[&<>"']/g, (letter) => entities[letter] ?? '');

const style = `
  :root { color-scheme: light; }
  body { font: 15px/1.45 system-ui, sans-serif; color: #1b1b1b; background: #fff; max-width: 72rem; margin: 2rem auto; padding: 0 1.5rem; }
  h1 { font-size: 1.7rem; margin-bottom: .25rem; } h2 { font-size: 1.3rem; margin-top: 2.5rem; border-bottom: 1px solid #bbb; }
  h3 { font-size: 1.05rem; margin-bottom: .25rem; }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; } dt { color: #555; } dd { margin: 0; overflow-wrap: anywhere; }
  table { border-collapse: collapse; width: 100%; font-size: .87rem; margin: .5rem 0 1rem; }
  th, td { text-align: left; vertical-align: top; padding: .3rem .5rem; border-bottom: 1px solid #ddd; overflow-wrap: anywhere; }
  th { border-bottom: 2px solid #888; white-space: nowrap; } td.time { white-space: nowrap; font-variant-numeric: tabular-nums; }
  code { font-size: .9em; overflow-wrap: anywhere; } .note { color: #555; } ul { margin: .2rem 0; padding-left: 1.2rem; }
  @page { margin: 16mm 14mm; }
  @media print {
    body { font-size: 9.5pt; max-width: none; margin: 0; padding: 0; }
    h2, h3 { break-after: avoid; } section.spec { break-before: page; } tr { break-inside: avoid; } thead { display: table-header-group; }
  }`;

/** How a page begins: it loads nothing, and nothing in it runs. */
export const pageHead = (title: string): Html =>
  markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <meta name="referrer" content="no-referrer" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <style>
          ${new Html(style)}
        </style>
      </head>
      <body> `;

export const pageFoot = markup`</body>
</html>
`;

/** The beginning of a table. */
export const tableHead = (...columns: string[]): Html =>
  markup`<table>
    <thead>
      <tr>
        ${columns.map((column) => markup`<th scope="col">${column}</th>`)}
      </tr>
    </thead>
    <tbody> `;

export const tableFoot = markup`</tbody>
</table>
`;

/** A row of a table: a time first. */
export const tableRow = (time: string, ...cells: Value[]): Html =>
  markup`<tr>
    <td class="time">${time}</td>
    ${cells.map((cell) => markup`<td>${cell}</td>`)}
  </tr> `;
