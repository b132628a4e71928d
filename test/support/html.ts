const empty = /^(?:meta|br)$/;

/** The tags of a page that do not fit: closed without being open, or never closed. */
export function unclosed(page: string): string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  for (const [tag, slash, name = ''] of page.replace(/<style>[^]*?<\/style>/, '').matchAll(/<(\/?)([a-z]\w*)[^>]*>/g)) {
    if (empty.test(name)) continue;
    if (slash === '') open.push(name);
    else if (open.at(-1) === name) open.pop();
    else wrong.push(tag);
  }
  return [...wrong, ...open];
}
